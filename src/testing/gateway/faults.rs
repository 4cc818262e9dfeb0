//! The gateway's faults that wait for their moment.

use std::time::Duration;

use tokio::time::Instant;

use crate::testing::gateway::fault::{Accept, GatewayFault, Instead, Kind, OfEvent, Replay};

/// The faults that wait for their moment.
#[derive(Default)]
pub(crate) struct GatewayFaults(Vec<Waiting>);

/// A fault that waits.
struct Waiting {
    fault: GatewayFault,
    /// How often it will still strike.
    left: usize,
    until: Option<Instant>,
}

impl GatewayFaults {
    pub(crate) fn add(&mut self, fault: GatewayFault) {
        self.0.push(Waiting {
            left: fault.strikes(),
            until: fault.lasting.map(|lasting| Instant::now() + lasting),
            fault,
        });
    }

    pub(crate) fn mend(&mut self) {
        self.0.clear();
    }

    pub(crate) fn on_accept(&mut self) -> Option<Accept> {
        self.strike(|kind| match kind {
            Kind::Accept(accept) => Some(*accept),
            _ => None,
        })
    }

    pub(crate) fn on_hello(&mut self) -> Option<Instead> {
        self.strike(|kind| match kind {
            Kind::Hello(instead) => Some(instead.clone()),
            _ => None,
        })
    }

    pub(crate) fn on_identify(&mut self) -> Option<Instead> {
        self.strike(|kind| match kind {
            Kind::Identify(instead) => Some(instead.clone()),
            _ => None,
        })
    }

    pub(crate) fn on_resume(&mut self) -> Option<Instead> {
        self.strike(|kind| match kind {
            Kind::Resume(instead) => Some(instead.clone()),
            _ => None,
        })
    }

    pub(crate) fn on_replay(&mut self) -> Option<Replay> {
        self.strike(|kind| match kind {
            Kind::Replay(replay) => Some(*replay),
            _ => None,
        })
    }

    pub(crate) fn on_heartbeat(&mut self) -> bool {
        let strike = |kind: &Kind| matches!(kind, Kind::Heartbeat).then_some(());
        self.strike(strike).is_some()
    }

    pub(crate) fn on_goodbye(&mut self) -> bool {
        let strike = |kind: &Kind| matches!(kind, Kind::Goodbye).then_some(());
        self.strike(strike).is_some()
    }

    pub(crate) fn on_ready(&mut self) -> Option<String> {
        self.strike(|kind| match kind {
            Kind::ResumeUrl(url) => Some(url.clone()),
            _ => None,
        })
    }

    pub(crate) fn on_event(&mut self, name: &str) -> Option<OfEvent> {
        self.strike(|kind| match kind {
            Kind::Event(fault, only) => {
                let is_meant = only.as_ref().is_none_or(|only| only == name);
                is_meant.then(|| fault.clone())
            }
            _ => None,
        })
    }

    pub(crate) fn on_members(&mut self) -> Option<Duration> {
        self.strike(|kind| match kind {
            Kind::Members(retry_after) => Some(*retry_after),
            _ => None,
        })
    }

    pub(crate) fn on_info(&mut self) -> Option<serde_json::Value> {
        self.strike(|kind| match kind {
            Kind::Info(info) => Some(info.clone()),
            _ => None,
        })
    }

    /// Returns the effect of the first fault that is for this moment.
    fn strike<T>(&mut self, is_meant: impl Fn(&Kind) -> Option<T>) -> Option<T> {
        let now = Instant::now();
        self.0
            .retain(|waiting| waiting.left > 0 && waiting.until.is_none_or(|until| now < until));
        self.0.iter_mut().find_map(|waiting| {
            let struck = is_meant(&waiting.fault.kind)?;
            waiting.left -= 1;
            Some(struck)
        })
    }
}
