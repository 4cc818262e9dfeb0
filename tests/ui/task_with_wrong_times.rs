//! Tasks that say wrongly when they run.

use cordial::prelude::*;

#[task]
async fn whenever(_ctx: &Context) {}

#[task(every = "5m", on = "start")]
async fn twice(_ctx: &Context) {}

#[task(every = "5 parsecs")]
async fn far(_ctx: &Context) {}

#[task(every = "5m", jitter = "5m")]
async fn anywhere(_ctx: &Context) {}

#[task(on = "start", delay = "5m", jitter = "1m", timezone = "Europe/Berlin")]
async fn first(_ctx: &Context) {}

#[task(on = "stopp")]
async fn last(_ctx: &Context) {}

#[task(cron = "every monday")]
async fn weekly(_ctx: &Context) {}

#[task(evry = "5m")]
async fn misspelt(_ctx: &Context) {}

fn main() {
    let tasks = handlers![whenever, twice, far, anywhere, first, last, weekly, misspelt];
    drop(Bot::builder().add(tasks));
}
