package org.procmon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/9, 10.127.0.1, true",
        "10.0.0.0/9, 10.128.0.1, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "::1, ::1, true",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "10.0.0.1, ::ffff:10.0.0.1, true"
    })
    void includesTheAddressesWithTheSameFirstBits(String range, String address, boolean isIn) {
        assertThat(AddressRange.parse(range).orElseThrow().includes(InetAddress.ofLiteral(address)))
                .isEqualTo(isIn);
    }
}
