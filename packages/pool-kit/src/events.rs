//! Events: the first attribute is always `action`, equal to the event's type.

use cosmwasm_std::Event;

/// An event whose type is its action.
///
/// ```
/// let event = pool_kit::events::action("deposit");
/// assert_eq!(event.ty, "deposit");
/// assert_eq!((event.attributes[0].key.as_str(), event.attributes[0].value.as_str()), ("action", "deposit"));
/// ```
pub fn action(name: &str) -> Event {
    Event::new(name).add_attribute("action", name)
}
