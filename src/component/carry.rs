//! Values that can travel in a custom id.

use std::any::type_name;

use twilight_model::id::Id;

use crate::command::{Choice, stands_for};
use crate::component::custom_id::mix;
use crate::component::{Fit, Fixed, Varying};

/// A value that can travel in a custom id, which holds at most 63 bytes of state.
///
/// Numbers, `bool`, ids, text, enums by [`Choice`](derive@crate::Choice), and options, tuples and lists
/// of these implement it. Implement it for a type of your own by the values that it is made of.
///
/// A state of other types is not read as these. If the meaning of a state changes and its types do
/// not, such as from the id of one user to that of another, give the handler another
/// [`version`](macro@crate::component).
///
/// # Examples
///
/// ```
/// use cordial::component::{Carry, Reader};
///
/// struct Square {
///     row: u8,
///     column: u8,
/// }
///
/// impl Carry for Square {
///     type Fit = <(u8, u8) as Carry>::Fit;
///
///     const MOST: usize = <(u8, u8) as Carry>::MOST;
///
///     fn shape() -> u64 {
///         <(u8, u8)>::shape()
///     }
///
///     fn write(&self, bytes: &mut Vec<u8>) {
///         (self.row, self.column).write(bytes);
///     }
///
///     fn read(reader: &mut Reader<'_>) -> Option<Self> {
///         let (row, column) = Carry::read(reader)?;
///         Some(Self { row, column })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel in a custom id",
    label = "cannot be state",
    note = "state can be numbers, `bool`, ids, text, enums that derive `Choice`, and options, tuples and lists of these",
    note = "implement `Carry` for a type of your own, or keep the value elsewhere and carry its key"
)]
pub trait Carry: Sized + Send + 'static {
    /// Whether it always fits into a custom id.
    type Fit: Fit;

    /// The largest number of bytes that it has, or the smallest if there is no largest.
    const MOST: usize;

    /// Returns a number that stands for its structure.
    ///
    /// A state of another shape is not read as this one.
    fn shape() -> u64;

    /// Appends its bytes.
    fn write(&self, bytes: &mut Vec<u8>);

    /// Reads its bytes, or returns `None` if they are no value of this type.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

/// The bytes of a state, read from the front.
#[derive(Debug)]
pub struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// Takes so many bytes, if there are enough.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Takes one byte, if there is one.
    pub fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }
}

/// Implements it for numbers.
macro_rules! numbers {
    ($($type:ty),*) => {
        $(impl Carry for $type {
            type Fit = Fixed;

            const MOST: usize = size_of::<Self>();

            fn shape() -> u64 {
                mix(1, stringify!($type).as_bytes())
            }

            fn write(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                let bytes = reader.take(size_of::<Self>())?;
                bytes.try_into().ok().map(Self::from_le_bytes)
            }
        })*
    };
}

numbers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64);

impl Carry for bool {
    type Fit = Fixed;

    const MOST: usize = 1;

    fn shape() -> u64 {
        mix(1, b"bool")
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        match reader.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<M: 'static> Carry for Id<M> {
    type Fit = Fixed;

    const MOST: usize = 8;

    fn shape() -> u64 {
        let marker = type_name::<M>().rsplit("::").next();
        mix(1, marker.unwrap_or_default().as_bytes())
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        self.get().write(bytes);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Self::new_checked(u64::read(reader)?)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Choice> Carry for T {
    type Fit = Fixed;

    const MOST: usize = 1;

    fn shape() -> u64 {
        let all = T::all();
        let values = all.iter().map(|(_, choice)| stands_for(choice));
        values.fold(mix(1, b"choice"), |shape, key| mix(shape, key.as_bytes()))
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        let all = T::all();
        let name = self.name();
        let index = all.iter().position(|(_, choice)| choice.name == name);
        bytes.push(
            index
                .and_then(|index| u8::try_from(index).ok())
                .unwrap_or(u8::MAX),
        );
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let index = reader.byte()?;
        let chosen = T::all().into_iter().nth(index.into());
        chosen.map(|(chosen, _)| chosen)
    }
}

impl<T: Carry> Carry for Option<T> {
    type Fit = T::Fit;

    const MOST: usize = 1 + T::MOST;

    fn shape() -> u64 {
        mix(T::shape(), b"option")
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        self.is_some().write(bytes);
        if let Some(value) = self {
            value.write(bytes);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if !bool::read(reader)? {
            return Some(None);
        }
        T::read(reader).map(Some)
    }
}

impl Carry for String {
    type Fit = Varying;

    const MOST: usize = 1;

    fn shape() -> u64 {
        mix(1, b"text")
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        write_length(self.len(), bytes);
        bytes.extend(self.as_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let length = reader.byte()?;
        let bytes = reader.take(length.into())?;
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }
}

impl<T: Carry> Carry for Vec<T> {
    type Fit = Varying;

    const MOST: usize = 1;

    fn shape() -> u64 {
        mix(T::shape(), b"list")
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        write_length(self.len(), bytes);
        for item in self {
            item.write(bytes);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let length = reader.byte()?;
        (0..length).map(|_| T::read(reader)).collect()
    }
}

/// Writes a length. A length of more than one byte does not fit into a custom id either, which this
/// makes sure of where the items have no bytes.
fn write_length(length: usize, bytes: &mut Vec<u8>) {
    if let Ok(length) = u8::try_from(length) {
        bytes.push(length);
    } else {
        bytes.resize(bytes.len() + length, 0);
    }
}

/// Implements it for tuples of each length, by removing one element at a time.
macro_rules! tuples {
    () => {
        tuples!(@one);
    };
    ($first:ident $($rest:ident)*) => {
        tuples!(@one $first $($rest)*);
        tuples!($($rest)*);
    };
    (@fit) => { Fixed };
    (@fit $first:ident $($rest:ident)*) => {
        <$first::Fit as Fit>::And<tuples!(@fit $($rest)*)>
    };
    (@one $($value:ident)*) => {
        impl<$($value: Carry),*> Carry for ($($value,)*) {
            type Fit = tuples!(@fit $($value)*);

            const MOST: usize = 0 $(+ $value::MOST)*;

            fn shape() -> u64 {
                let shapes: &[u64] = &[$($value::shape()),*];
                let bytes = shapes.iter().map(|shape| shape.to_le_bytes());
                bytes.fold(mix(1, b"tuple"), |shape, bytes| mix(shape, &bytes))
            }

            #[allow(
                non_snake_case,
                clippy::allow_attributes,
                reason = "values are called as their types are, where there are any"
            )]
            fn write(&self, bytes: &mut Vec<u8>) {
                let _ = &bytes;
                let ($($value,)*) = self;
                $($value.write(bytes);)*
            }

            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                let _ = &reader;
                Some(($($value::read(reader)?,)*))
            }
        }
    };
}

tuples!(A B C D E F G H);
