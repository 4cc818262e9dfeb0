//! A bot that keeps the interactions it hears of, for a test to answer them itself.

use std::sync::{Arc, Mutex};

use cordial::prelude::*;
use cordial::testing::{Person, Simulator, SimulatorBuilder};
use cordial::twilight::http::Client;
use cordial::twilight::http::error::{Error, ErrorType};
use cordial::twilight::model::application::command::Command;
use cordial::twilight::model::application::interaction::Interaction;
use serde_json::{Value, json};

/// What the bot was told of.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Interaction>>>);

#[listener]
async fn keeps(_: &Context, told: &InteractionCreate, kept: State<Told>) {
    kept.0.lock().expect("no panic").push(told.0.clone());
}

/// A slash command with something said of it.
pub(crate) fn command(name: &str, said: &Value) -> Command {
    let mut json = json!({
        "type": 1, "name": name, "description": "Does it.", "options": [], "version": "1",
    });
    for (field, value) in said.as_object().into_iter().flatten() {
        json[field] = value.clone();
    }
    serde_json::from_value(json).expect("a command")
}

/// A simulated Discord that knows `/go`, and alice on it.
pub(crate) struct Stage {
    pub(crate) sim: Simulator,
    pub(crate) alice: Person,
    pub(crate) http: Arc<Client>,
    told: Told,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(build: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder) -> Self {
        let told = Told::default();
        let bot = Bot::builder().state(told.clone()).add(handlers![keeps]);
        let builder = Simulator::builder(bot).knows(command("go", &json!({})));
        let sim = build(builder).start().await;
        Self {
            alice: sim.join("alice").await,
            http: sim.http(),
            sim,
            told,
        }
    }

    /// Returns what the bot was told of last.
    pub(crate) fn told(&self) -> Interaction {
        let told = self.told.0.lock().expect("no panic");
        told.last().expect("an interaction").clone()
    }

    /// Lets alice run a command, which is to be answered.
    pub(crate) async fn run(&self) -> Interaction {
        self.alice.run("/go").await;
        self.told()
    }

    /// Answers an interaction for the first time.
    pub(crate) async fn answer(
        &self,
        to: &Interaction,
        kind: u8,
        data: Value,
    ) -> Result<(), String> {
        let response = json!({ "type": kind, "data": data });
        let response = serde_json::from_value(response).expect("an answer");
        let client = self.http.interaction(to.application_id);
        let answered = client.create_response(to.id, &to.token, &response).await;
        answered.map(drop).map_err(|error| refusal(&error))
    }

    /// Lets the bot show a message in answer to a command. Returns what was run.
    pub(crate) async fn show(&self, data: Value) -> Interaction {
        let run = self.run().await;
        let shown = self.answer(&run, 4, data).await;
        shown.expect("Discord takes it");
        run
    }
}

/// Returns which field Discord refused, and for what; or else its code.
pub(crate) fn refusal(error: &Error) -> String {
    let ErrorType::Response { body, .. } = error.kind() else {
        panic!("Discord was not asked: {error:?}");
    };
    let body: Value = serde_json::from_slice(body).expect("JSON");
    let (mut place, mut errors) = (Vec::new(), &body["errors"]);
    while let Some((field, inner)) = errors.as_object().and_then(|fields| fields.iter().next()) {
        if field == "_errors" {
            let code = inner[0]["code"].as_str().expect("a code");
            return format!("{}: {code}", place.join("."));
        }
        place.push(field.as_str());
        errors = inner;
    }
    body["code"].to_string()
}
