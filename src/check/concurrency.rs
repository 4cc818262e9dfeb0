//! Limits on how often something runs at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::check::keys::key;
use crate::exception::{Per, TooManyAtOnce};
use crate::interaction::InteractionContext;

/// How often something may run at once, and who shares that limit.
///
/// One run more fails with a [`TooManyAtOnce`]. A run lasts until its function has ended and its failures are
/// settled; tasks that it leaves running with [`Context::spawn`](crate::Context::spawn) do not count.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// /// Count all messages.
/// #[command(max_concurrency = "1 per guild")]
/// async fn count(ctx: &CommandContext) -> Result<()> {
///     ctx.reply("There are many.").await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct MaxConcurrency {
    most: u32,
    per: Per,
    running: Arc<Mutex<HashMap<u64, u32>>>,
}

/// Leave to run, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    key: u64,
    running: Arc<Mutex<HashMap<u64, u32>>>,
}

impl MaxConcurrency {
    /// Creates a limit of this many runs at once, at least one.
    #[must_use]
    pub fn new(most: u32, per: Per) -> Self {
        Self {
            most: most.max(1),
            per,
            running: Arc::default(),
        }
    }

    pub(crate) fn take(&self, ctx: &InteractionContext) -> Result<Permit, TooManyAtOnce> {
        let key = key(self.per, ctx);
        let mut running = lock(&self.running);
        let count = running.entry(key).or_default();
        if *count >= self.most {
            return Err(TooManyAtOnce::new(self.most, self.per));
        }
        *count += 1;
        Ok(Permit {
            key,
            running: Arc::clone(&self.running),
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut running = lock(&self.running);
        if let Some(count) = running.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                running.remove(&self.key);
            }
        }
    }
}

fn lock(running: &Mutex<HashMap<u64, u32>>) -> MutexGuard<'_, HashMap<u64, u32>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
