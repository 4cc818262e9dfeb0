//! A turn in a bucket.

use std::sync::Arc;

use crate::http::limits::Bucket;

/// A turn in a bucket, to be used or given back.
pub(crate) struct Turn {
    pub(crate) bucket: Arc<Bucket>,
    is_sent: bool,
    is_over: bool,
}

impl Turn {
    pub(crate) fn new(bucket: Arc<Bucket>) -> Self {
        Self {
            bucket,
            is_sent: false,
            is_over: false,
        }
    }

    /// Notes that it is used.
    pub(crate) fn sent(mut self) -> Self {
        self.is_sent = true;
        self
    }

    /// Ends it by an answer. Returns the bucket, to be told what it says.
    pub(crate) fn answered(mut self) -> Arc<Bucket> {
        self.is_over = true;
        Arc::clone(&self.bucket)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        match (self.is_over, self.is_sent) {
            (true, _) => {}
            (false, true) => self.bucket.lose(),
            (false, false) => self.bucket.give_back(),
        }
    }
}
