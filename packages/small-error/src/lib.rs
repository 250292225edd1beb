//! Errors of one pointer.
//!
//! An error with the values that broke a rule is large, and code that hands results on copies it
//! at every step, which makes a good part of a contract's file. Behind a pointer handing on costs
//! two instructions.

/// Declares the error of one pointer to an enum of reasons.
///
/// Whatever the reasons are made of by `?`, the error is as well:
///
/// ```
/// use thiserror::Error;
///
/// #[derive(Debug, Error)]
/// enum Fault {
///     #[error("{0} is above 5")]
///     Above5(u64),
///     #[error(transparent)]
///     NoNumber(#[from] std::num::ParseIntError),
/// }
///
/// small_error::small_error! {
///     /// Why it is refused.
///     CheckError(Fault)
/// }
///
/// fn check(text: &str) -> Result<u64, CheckError> {
///     match text.parse()? {
///         number @ 0..=5 => Ok(number),
///         number => Err(Fault::Above5(number).into()),
///     }
/// }
///
/// assert_eq!(check("6").unwrap_err().to_string(), "6 is above 5");
/// assert!(matches!(check("x").unwrap_err().fault(), Fault::NoNumber(_)));
/// assert_eq!(size_of::<CheckError>(), size_of::<usize>());
/// ```
#[macro_export]
macro_rules! small_error {
    ($(#[$doc:meta])* $error:ident($fault:ident)) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $error(Box<$fault>);

        impl $error {
            /// Which rule was broken, by what.
            pub fn fault(&self) -> &$fault {
                &self.0
            }
        }

        impl<E> From<E> for $error
        where
            $fault: From<E>,
        {
            #[cold]
            #[inline(never)]
            fn from(reason: E) -> Self {
                $error(Box::new(reason.into()))
            }
        }

        impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::error::Error for $error {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.0.source()
            }
        }
    };
}
