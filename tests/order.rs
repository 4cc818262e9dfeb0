//! The order of error handlers is Wumpy's: `len(type.__mro__)` descending, then name; of those, the
//! ones that the error is an instance of; until one says `True`.
//!
//! Hierarchies, error handlers and the order of their registration are generated. When a case fails,
//! proptest prints it, and keeps its seed in `proptest-regressions`.

#![expect(clippy::unwrap_used, reason = "what is generated is right")]

use std::any::type_name;
use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;

use cordial::event::Resumed;
use cordial::outcome::{Report, Said};
use cordial::prelude::*;
use proptest::prelude::*;
use tracing::subscriber::NoSubscriber;

/// How many classes there are.
const CLASSES: usize = 8;

/// A class of the generated hierarchies.
#[derive(Debug, thiserror::Error)]
#[error("an instance of class {N}")]
struct Class<const N: usize>;

/// A hierarchy with its error handlers.
#[derive(Clone, Debug)]
struct Case {
    /// So many classes at the start are umbrellas: each holds an instance of the next, which thereby
    /// is-an instance of it too.
    umbrellas: usize,
    /// `(sub, base)`: the base has the larger number, and is no umbrella.
    bases: BTreeSet<(usize, usize)>,
    handlers: Vec<Handler>,
    /// The class of the error that is raised.
    raised: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Handler {
    /// Its class; nothing for those of `Exception`.
    class: Option<usize>,
    name: String,
    returns: bool,
}

/// Wumpy, transcribed: what `issubclass`, `__mro__` and its registry's `sort` do.
mod wumpy {
    use super::{BTreeSet, CLASSES, Case, Handler, class_name};

    /// The classes that one derives from, itself included, `object` not.
    fn mro(case: &Case, class: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([class]);
        let mut parents: Vec<_> = (0..CLASSES)
            .filter(|base| case.bases.contains(&(class, *base)))
            .collect();
        if (1..=case.umbrellas).contains(&class) {
            parents.push(class - 1);
        }
        for parent in parents {
            found.extend(mro(case, parent));
        }
        found
    }

    fn len_mro(case: &Case, handler: &Handler) -> usize {
        handler.class.map_or(0, |class| mro(case, class).len())
    }

    pub(super) fn sorted(case: &Case) -> Vec<Handler> {
        let mut handlers = case.handlers.clone();
        handlers.sort_by_key(|handler| (class_name(handler.class), handler.name.clone()));
        handlers.sort_by_key(|handler| std::cmp::Reverse(len_mro(case, handler)));
        handlers
    }

    /// Returns who is called for an instance of a class.
    pub(super) fn called(case: &Case) -> Vec<Handler> {
        // What an umbrella holds is the more derived: an instance of both.
        let raised = if case.raised == 0 {
            case.umbrellas
        } else {
            case.raised
        };
        let classes = mro(case, raised);
        let is_instance = |class: &usize| classes.contains(class);
        let mut called = Vec::new();
        for handler in sorted(case) {
            if handler.class.as_ref().is_none_or(is_instance) {
                let stops = handler.returns;
                called.push(handler);
                if stops {
                    break;
                }
            }
        }
        called
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let bases = prop::collection::btree_set((0..CLASSES, 0..CLASSES), 0..16);
    let class = prop::option::weighted(0.9, 0..CLASSES);
    let handler = (class, "[a-e]{1,2}", prop::bool::weighted(0.05));
    let handlers = prop::collection::vec(handler, 0..24);
    (0..4_usize, bases, handlers, 0..CLASSES).prop_map(|(umbrellas, bases, handlers, raised)| {
        let mut seen = BTreeSet::new();
        let handlers = handlers.into_iter().map(|(class, name, returns)| Handler {
            class,
            name,
            returns,
        });
        Case {
            umbrellas,
            bases: bases
                .into_iter()
                .filter(|(sub, base)| base > sub && *base > umbrellas)
                .collect(),
            // Two of one class and one name are a mistake, which is another test's.
            handlers: handlers
                .filter(|handler| seen.insert((handler.class, handler.name.clone())))
                .collect(),
            // An umbrella is raised whole: what is inside of it is no umbrella in its own right.
            raised: if raised <= umbrellas { 0 } else { raised },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn error_handlers_are_asked_in_the_order_of_wumpy(
        (case, shuffled) in cases().prop_flat_map(|case| {
            let shuffled = Just(case.handlers.clone()).prop_shuffle();
            (Just(case), shuffled)
        }),
    ) {
        // Unhandled failures are expected here: they need not be shown.
        tracing::subscriber::set_global_default(NoSubscriber::new()).ok();
        let bot = build(&case, &case.handlers);
        let again = build(&case, &shuffled);
        let expected: Vec<_> = wumpy::called(&case).iter().map(full_name).collect();

        let report = raise(&bot);

        let asked: Vec<_> = report.tried.iter().map(|tried| tried.handler.name()).collect();
        prop_assert_eq!(&asked, &expected);
        let handled = report.tried.last().is_some_and(|tried| tried.said == Said::Handled);
        prop_assert_eq!(handled, wumpy::called(&case).last().is_some_and(|last| last.returns));
        let order: Vec<_> = wumpy::sorted(&case).iter().map(full_name).collect();
        prop_assert_eq!(&listed(&bot), &order);
        prop_assert_eq!(&listed(&again), &order);
    }
}

fn listed(bot: &Bot) -> Vec<String> {
    let listed = bot.error_handlers().into_iter();
    listed.map(|info| info.handler.name().to_owned()).collect()
}

/// Names the class too, so that a difference can be read.
fn full_name(handler: &Handler) -> String {
    let class = handler
        .class
        .map_or("any".to_owned(), |class| class.to_string());
    format!("{} of {class}", handler.name)
}

fn class_name(class: Option<usize>) -> String {
    let name = type_name::<Class<0>>();
    class.map_or_else(String::new, |class| name.replace('0', &class.to_string()))
}

/// The class of the error that is raised.
struct Raised(usize);

#[listener]
async fn raises(_: &Context, _: &Resumed, raised: State<Raised>) -> Result<(), Boxed> {
    Err(INSTANCES[raised.0]())
}

type Boxed = Box<dyn Error + Send + Sync>;

fn raise(bot: &Bot) -> Arc<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ended = runtime.block_on(bot.dispatch(Event::Resumed)).unwrap();
    let [report] = &ended[0].reports[..] else {
        panic!("{:?}", ended[0].reports);
    };
    Arc::clone(report)
}

fn build(case: &Case, handlers: &[Handler]) -> Bot {
    let mut bot = Bot::builder()
        .state(Raised(case.raised))
        .add(handlers![raises]);
    for hold in &HOLDS[..case.umbrellas] {
        bot = hold(bot);
    }
    for (sub, base) in &case.bases {
        bot = IS_A[*sub][*base](bot);
    }
    for handler in handlers {
        bot = match handler.class {
            Some(class) => ADD[class](bot, handler),
            None => add_any(bot, handler),
        };
    }
    bot.build().unwrap()
}

async fn answers_false<const N: usize>(_: &ErrorContext, _: &Class<N>) -> bool {
    false
}

async fn answers_true<const N: usize>(_: &ErrorContext, _: &Class<N>) -> bool {
    true
}

fn add<const N: usize>(bot: BotBuilder, handler: &Handler) -> BotBuilder {
    let made = if handler.returns {
        ErrorHandler::new(answers_true::<N>)
    } else {
        ErrorHandler::new(answers_false::<N>)
    };
    bot.error_handler(made.name(full_name(handler)))
}

fn add_any(bot: BotBuilder, handler: &Handler) -> BotBuilder {
    async fn answers_false(_: &ErrorContext, _: &Failure) -> bool {
        false
    }

    async fn answers_true(_: &ErrorContext, _: &Failure) -> bool {
        true
    }

    let made = if handler.returns {
        ErrorHandler::new(answers_true)
    } else {
        ErrorHandler::new(answers_false)
    };
    bot.error_handler(made.name(full_name(handler)))
}

fn is_a<const SUB: usize, const BASE: usize>(bot: BotBuilder) -> BotBuilder {
    bot.is_a(|_: &Class<SUB>| Some(&Class::<BASE>))
}

fn holds<const UMBRELLA: usize, const INNER: usize>(bot: BotBuilder) -> BotBuilder {
    bot.umbrella(|_: &Class<UMBRELLA>| Some(&Class::<INNER>))
}

fn instance<const N: usize>() -> Boxed {
    Box::new(Class::<N>)
}

// What is generated are numbers, and what is registered are types: these are all of them.

const ADD: [fn(BotBuilder, &Handler) -> BotBuilder; CLASSES] = [
    add::<0>, add::<1>, add::<2>, add::<3>, add::<4>, add::<5>, add::<6>, add::<7>,
];

const INSTANCES: [fn() -> Boxed; CLASSES] = [
    instance::<0>,
    instance::<1>,
    instance::<2>,
    instance::<3>,
    instance::<4>,
    instance::<5>,
    instance::<6>,
    instance::<7>,
];

type Declare = fn(BotBuilder) -> BotBuilder;

const HOLDS: [Declare; 3] = [holds::<0, 1>, holds::<1, 2>, holds::<2, 3>];

const IS_A: [[Declare; CLASSES]; CLASSES] = [
    is_a_all::<0>(),
    is_a_all::<1>(),
    is_a_all::<2>(),
    is_a_all::<3>(),
    is_a_all::<4>(),
    is_a_all::<5>(),
    is_a_all::<6>(),
    is_a_all::<7>(),
];

const fn is_a_all<const SUB: usize>() -> [Declare; CLASSES] {
    [
        is_a::<SUB, 0>,
        is_a::<SUB, 1>,
        is_a::<SUB, 2>,
        is_a::<SUB, 3>,
        is_a::<SUB, 4>,
        is_a::<SUB, 5>,
        is_a::<SUB, 6>,
        is_a::<SUB, 7>,
    ]
}
