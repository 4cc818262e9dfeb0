//! A framework for Discord bots with typed error handlers.

// The derives name `::cordial::..`, inside the crate too.
extern crate self as cordial;
