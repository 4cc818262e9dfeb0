//! Values shared between handlers, by type.

use std::any::{Any, TypeId};
use std::sync::Arc;

use crate::exception::TypeMap;

/// Shared values by type: the bot's, and over them a plugin's.
#[derive(Clone, Default)]
pub(crate) struct StateMap(TypeMap<Arc<dyn Any + Send + Sync>>);

impl StateMap {
    /// Adds a value, in the place of an earlier one of the type.
    pub(crate) fn insert<T: Any + Send + Sync>(&mut self, value: T) {
        self.0.insert(TypeId::of::<T>(), Arc::new(value));
    }

    /// Returns the values of an outer level with these over them.
    pub(crate) fn within(self, outer: &Self) -> Self {
        let mut all = outer.clone();
        all.0.extend(self.0);
        all
    }

    pub(crate) fn contains(&self, type_id: TypeId) -> bool {
        self.0.contains_key(&type_id)
    }

    pub(crate) fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }

    pub(crate) fn share<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let value = Arc::clone(self.0.get(&TypeId::of::<T>())?);
        value.downcast().ok()
    }
}
