//! Errors worked out from other errors, kept as long as the failure they belong to.
//!
//! A `twilight_http::Error` deep inside an author's enum is to be handled as the `Forbidden` that
//! it is, yet nobody embedded a `Forbidden` there. It is made when first looked for, and handed out
//! by reference, so it must live in the failure. A list to which only the end can be added gives
//! such references without a lock held and without `unsafe`.

use std::any::TypeId;
use std::fmt;
use std::sync::OnceLock;

use crate::exception::Erased;

/// Which error one was made from: its address and its type (a struct and its first field share an
/// address).
pub(crate) type Origin = (usize, TypeId);

/// A list of errors made on demand.
#[derive(Default)]
pub(crate) struct Refined(OnceLock<Box<Link>>);

struct Link {
    origin: Origin,
    error: Box<dyn Erased>,
    next: Refined,
}

impl Refined {
    /// Returns the error made from the one at `origin`, making it if it is not there yet.
    pub(crate) fn get_or_make(
        &self,
        origin: Origin,
        make: impl Fn() -> Box<dyn Erased>,
    ) -> &dyn Erased {
        let mut place = self;
        loop {
            let link = place.0.get_or_init(|| {
                Box::new(Link {
                    origin,
                    error: make(),
                    next: Self::default(),
                })
            });
            if link.origin == origin {
                return &*link.error;
            }
            place = &link.next;
        }
    }
}

impl fmt::Debug for Refined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refined(..)")
    }
}
