package org.procmon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"2 | 2", "0-3 | 0-3", "8,0-3 | 0-3,8", "3, 1,2 | 1-3", "0-1,1-4 | 0-4"})
    void aListIsWrittenInOrder(String given, String text) {
        assertThat(CpuSet.parse(given)).contains(new CpuSet(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "1,", "a", "3-1", "1-", "-1", "1-2-3", "8192", "1e1", "1.5"})
    void anythingElseIsNone(String given) {
        assertThat(CpuSet.parse(given)).isEmpty();
    }

    @Test
    void thoseThatOthersDoNotHaveAreFound() {
        CpuSet some = new CpuSet("0-3,8");
        assertThat(some.without(new CpuSet("0-1"))).contains(new CpuSet("2-3,8"));
        assertThat(some.without(new CpuSet("0-15"))).isEmpty();
    }
}
