//! Ranges of addresses.

use std::{fmt, net::IpAddr};

use ipnet::IpNet;

/// A range of addresses, such as `10.0.0.0/8`. An address alone is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Reads a range in CIDR notation, or an address.
    pub fn read(text: &str) -> Option<Self> {
        let network = text.parse().ok();
        network.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)).map(Self)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Some ranges of addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

impl Networks {
    /// Reads ranges that are separated by commas.
    pub fn read(text: &str) -> Option<Self> {
        text.split(',').map(|part| Network::read(part.trim())).collect::<Option<_>>().map(Self)
    }

    /// Whether the address is in one of the ranges. An IPv4 address that is mapped to IPv6 is an IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.0.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_a_range_or_not() {
        let networks = Networks::read("10.0.0.0/8, 192.0.2.7,2001:db8::/32, ::1").expect("ranges");
        for (address, expected) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("::ffff:10.0.0.1", true),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
            ("::1", true),
        ] {
            assert_eq!(networks.contains(address.parse().expect(address)), expected, "{address}");
        }
        assert!(!Networks::default().contains(IpAddr::from([127, 0, 0, 1])));
        for bad in ["", "10.0.0.0/33", "10.0.0", "localhost", "10.0.0.0/8,", "::1/129", "*"] {
            assert_eq!(Networks::read(bad), None, "{bad:?}");
        }
    }
}
