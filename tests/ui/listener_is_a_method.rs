//! A listener inside an impl.

use cordial::prelude::*;

struct Greeter;

impl Greeter {
    #[listener]
    async fn greet(&self, _message: &MessageCreate) -> Result<()> {
        Ok(())
    }
}

fn main() {}
