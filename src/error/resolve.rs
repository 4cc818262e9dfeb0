//! One failure on its way through the levels, until somebody handles it or nobody is left.
//!
//! Error handlers can fail too. Their failures wait until the one at hand is settled, and then go
//! to the levels outside the error handler that failed, so no error handler is ever asked about a
//! failure of its own making. What fails there goes to the log: an error of an error of an error is
//! for the author, not for more code.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::error::registry::{Candidate, Sight};
use crate::error::target::Seen;
use crate::error::{Entry, ErrorContext, Flow, Registry};
use crate::exception::{Lattice, Panicked};
use crate::failure::{Failure, FailureId, IntoFailure};
use crate::handler::{Limits, caught, guarded};
use crate::meta::Meta;
use crate::outcome::{Level, Outcome, Report, Resolution, Said, Tried};

/// Settles failures.
pub(crate) struct Resolver {
    pub(crate) lattice: Arc<Lattice>,
    /// How long an error handler may run that says nothing of its own.
    pub(crate) time: Option<Duration>,
    /// Cuts error handlers off when even the grace after shutdown is over.
    pub(crate) stop: CancellationToken,
}

/// What the dispatch of a failure means for the invocation that failed.
pub(crate) enum Conclusion {
    /// It has ended.
    Ended(Outcome),
    /// The handler is to run again.
    Retry { after: Duration },
}

impl Conclusion {
    pub(crate) fn unhandled(failure: &Failure) -> Self {
        Self::Ended(Outcome::Unhandled {
            failure: failure.id(),
        })
    }
}

/// A failure with all that followed from it.
pub(crate) struct Settled {
    pub(crate) conclusion: Conclusion,
    /// One for the failure, and one for each failure that took its place or arose on the way.
    pub(crate) reports: Vec<Report>,
}

impl Settled {
    /// Returns the failure that nobody handled, if that is how it ended.
    pub(crate) fn unhandled(&self) -> Option<&Failure> {
        let Conclusion::Ended(Outcome::Unhandled { failure }) = &self.conclusion else {
            return None;
        };
        let mut failures = self.reports.iter().map(|report| &report.failure);
        failures.find(|settled| settled.id() == *failure)
    }
}

impl Resolver {
    pub(crate) fn new(lattice: &Arc<Lattice>, time: Option<Duration>) -> Self {
        Self {
            lattice: Arc::clone(lattice),
            time,
            stop: CancellationToken::new(),
        }
    }

    /// Asks the levels, innermost first, about a failure of a handler. Of a task that an error
    /// handler left, only those outside of the error handler are asked.
    pub(crate) async fn resolve(
        &self,
        failure: Failure,
        ctx: &Context,
        levels: &[Arc<Registry>],
        can_retry: bool,
    ) -> Settled {
        let stand = ctx.stand.as_deref();
        let failure = match stand {
            Some(stand) => failure.arisen_during(&stand.during),
            None => failure,
        };
        let failure = failure.seen_by(&self.lattice);
        let mut dispatch = Dispatch {
            resolver: self,
            ctx,
            levels,
            cases: VecDeque::new(),
            settled: Settled {
                conclusion: Conclusion::unhandled(&failure),
                reports: Vec::with_capacity(1),
            },
        };
        dispatch.cases.push_back(Case {
            failure,
            handler: ctx.handler().clone(),
            level: stand.map_or(0, |stand| stand.outside),
            asked: Vec::new(),
            depth: Depth::Handler { can_retry },
        });
        while let Some(case) = dispatch.cases.pop_front() {
            dispatch.settle(case).await;
        }
        dispatch.settled
    }

    /// Asks one error handler. Nothing comes out if its guard declines.
    async fn ask(
        &self,
        candidate: Candidate<'_, '_>,
        ctx: &ErrorContext,
        failure: &Failure,
    ) -> Option<Result<Flow, Failure>> {
        let Candidate { entry, view } = candidate;
        let seen = Seen {
            failure,
            lattice: &self.lattice,
            view,
        };
        let limits = Limits {
            time: entry.time.or(self.time),
            stop: &self.stop,
        };
        let run = async { entry.run.run(ctx, seen).await };
        guarded(&entry.meta, limits, run).await.transpose()
    }
}

/// A failure of a handler, with all that follows from it.
struct Dispatch<'a> {
    resolver: &'a Resolver,
    ctx: &'a Context,
    levels: &'a [Arc<Registry>],
    /// What is still to be settled. What replaces a failure comes before what arose on the way.
    cases: VecDeque<Case>,
    settled: Settled,
}

/// A failure that is to be settled.
struct Case {
    failure: Failure,
    handler: Meta,
    /// The level where it starts: those inside are not asked.
    level: usize,
    /// The error handlers of that level that were asked already.
    asked: Vec<Arc<Entry>>,
    depth: Depth,
}

/// How far a failure is from the handler.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The handler failed.
    Handler { can_retry: bool },
    /// An error handler failed.
    ErrorHandler,
    /// An error handler failed that was asked about the failure of another.
    Deeper,
}

impl Dispatch<'_> {
    async fn settle(&mut self, mut case: Case) {
        let started = Instant::now();
        let attempt = match case.depth {
            Depth::Handler { .. } => self.ctx.attempt(),
            Depth::ErrorHandler | Depth::Deeper => 1,
        };
        let mut ctx = ErrorContext {
            ctx: Context {
                handler: case.handler.clone(),
                attempt,
                stand: None,
                ..self.ctx.clone()
            },
            failure: case.failure.clone(),
            tried: Vec::new(),
            level: Level::Bot,
        };
        let resolution = match case.depth {
            Depth::Deeper => Resolution::LastResort,
            _ => self.ask_levels(&mut case, &mut ctx).await,
        };
        if let (Resolution::Unhandled, Depth::Handler { .. }) = (&resolution, case.depth) {
            self.settled.conclusion = Conclusion::unhandled(&case.failure);
        }
        self.settled.reports.push(Report {
            failure: case.failure,
            handler: case.handler,
            attempt,
            tried: ctx.tried,
            resolution,
            took: started.elapsed(),
        });
    }

    async fn ask_levels(&mut self, case: &mut Case, ctx: &mut ErrorContext) -> Resolution {
        let failure = case.failure.clone();
        let resolver = self.resolver;
        let asks_for_causes = self.levels[case.level..].iter();
        let asks_for_causes = asks_for_causes.clone().any(|level| level.takes_causes);
        // What the author says of errors may panic: then this is an error, and no more is known.
        let views = caught(&case.handler, || {
            failure.views(&resolver.lattice, asks_for_causes)
        });
        let sights = match &views {
            Ok(views) => Sight::all(views),
            Err(panic) => {
                self.panicked(panic.clone(), case);
                vec![Sight::any()]
            }
        };
        for (index, registry) in self.levels.iter().enumerate().skip(case.level) {
            case.level = index;
            for candidate in registry.candidates(&sights) {
                let entry = candidate.entry;
                if resolver.stop.is_cancelled() {
                    return Resolution::Unhandled;
                }
                if !(entry.matches)(ctx.occurrence()) || case.was_asked(entry) {
                    continue;
                }
                if !ctx.stands_at(index) {
                    ctx.stand_at(registry, index);
                }
                let started = Instant::now();
                let Some(answer) = resolver.ask(candidate, ctx, &failure).await else {
                    continue;
                };
                case.asked.push(Arc::clone(entry));
                let (said, resolution) = self.heed(answer, entry, case);
                ctx.tried.push(Tried {
                    handler: entry.meta.clone(),
                    level: registry.level.clone(),
                    said,
                    took: started.elapsed(),
                });
                if let Some(resolution) = resolution {
                    return resolution;
                }
            }
            case.asked.clear();
        }
        Resolution::Unhandled
    }

    /// Does what an error handler says.
    fn heed(
        &mut self,
        answer: Result<Flow, Failure>,
        entry: &Entry,
        case: &mut Case,
    ) -> (Said, Option<Resolution>) {
        let by = entry.meta.clone();
        match answer {
            Ok(Flow::Handled) => {
                if let Depth::Handler { .. } = case.depth {
                    let outcome = Outcome::Handled { by: by.clone() };
                    self.settled.conclusion = Conclusion::Ended(outcome);
                }
                (Said::Handled, Some(Resolution::Handled { by }))
            }
            Ok(Flow::Propagate) => (Said::Propagated, None),
            Ok(Flow::Retry { after }) if case.depth == (Depth::Handler { can_retry: true }) => {
                self.settled.conclusion = Conclusion::Retry { after };
                (
                    Said::Retry { after },
                    Some(Resolution::Retried { by, after }),
                )
            }
            Ok(Flow::Retry { .. }) => (Said::RetryRefused, None),
            // It gave back what it was given, or what is settled already.
            Ok(Flow::Replace(known)) | Err(known) if self.knows(&known, case) => {
                (Said::Propagated, None)
            }
            Ok(Flow::Replace(other)) => {
                let with = self.replace(other, case);
                (
                    Said::Replaced { with },
                    Some(Resolution::Replaced { by, with }),
                )
            }
            Err(own) => {
                let with = self.arisen(own, by, case);
                (Said::Failed { with }, None)
            }
        }
    }

    /// Leaves what panicked while an error was looked at for the log.
    fn panicked(&mut self, panic: Panicked, case: &Case) {
        let panic = panic.into_failure().in_handler(&case.handler);
        self.cases.push_back(Case {
            failure: panic.arisen_during(&case.failure),
            handler: case.handler.clone(),
            level: self.levels.len(),
            asked: Vec::new(),
            depth: Depth::Deeper,
        });
    }

    /// Returns whether a failure has a report, or will have one.
    fn knows(&self, failure: &Failure, case: &Case) -> bool {
        let id = failure.id();
        case.failure.id() == id
            || self.cases.iter().any(|case| case.failure.id() == id)
            || self
                .settled
                .reports
                .iter()
                .any(|report| report.failure.id() == id)
    }

    /// Puts another failure in the place of one, where that stands.
    fn replace(&mut self, other: Failure, case: &mut Case) -> FailureId {
        let other = other.in_handler(&case.handler).arisen_during(&case.failure);
        let other = other.seen_by(&self.resolver.lattice);
        let id = other.id();
        self.cases.push_front(Case {
            failure: other,
            handler: case.handler.clone(),
            level: case.level,
            asked: std::mem::take(&mut case.asked),
            depth: case.depth,
        });
        id
    }

    /// Leaves the failure of an error handler for the levels outside its own.
    fn arisen(&mut self, own: Failure, handler: Meta, case: &Case) -> FailureId {
        let own = own
            .arisen_during(&case.failure)
            .seen_by(&self.resolver.lattice);
        let id = own.id();
        self.cases.push_back(Case {
            failure: own,
            handler,
            level: case.level + 1,
            asked: Vec::new(),
            depth: match case.depth {
                Depth::Handler { .. } => Depth::ErrorHandler,
                Depth::ErrorHandler | Depth::Deeper => Depth::Deeper,
            },
        });
        id
    }
}

impl Case {
    /// Returns whether an error handler was asked already. One whose guard declined was not.
    fn was_asked(&self, entry: &Arc<Entry>) -> bool {
        self.asked.iter().any(|asked| Arc::ptr_eq(asked, entry))
    }
}
