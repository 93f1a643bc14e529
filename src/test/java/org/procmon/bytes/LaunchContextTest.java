package org.procmon.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchContextTest {
    @Test
    void prefersTheLaunchersRecordToTheShellsVariables() {
        byte[] record =
                "A.B=1\0LC_ALL=C\0E=\0X=a=b\0RAW=\u00ff\0".getBytes(StandardCharsets.ISO_8859_1);
        Map<String, String> environment =
                Map.of(
                        "LC_ALL",
                        "C.UTF-8",
                        "PWD",
                        "/",
                        LaunchContext.RECORD,
                        Base64.getEncoder().encodeToString(record));

        assertThat(LaunchContext.variables(environment, null))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("A.B", "1", "LC_ALL", "C", "E", "", "X", "a=b", "RAW", "\udcff"));
    }

    @Test
    void restoresTheLocaleWithoutARecord() {
        assertThat(LaunchContext.variables(Map.of("A", "1", "LC_ALL", "C.UTF-8"), "de_DE"))
                .isEqualTo(Map.of("A", "1", "LC_ALL", "de_DE"));
    }

    @Test
    void ignoresAMalformedRecord() {
        assertThat(LaunchContext.variables(Map.of("A", "1", LaunchContext.RECORD, "?"), null))
                .isEqualTo(Map.of("A", "1"));
    }

    @Test
    void argumentsThatAreUtf8AreLeftAlone() {
        String[] arguments = {"list", "spa\u00df"};

        assertThat(LaunchContext.arguments(arguments)).isSameAs(arguments);
    }
}
