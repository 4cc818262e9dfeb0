//! The attributes and the derive of cordial.
