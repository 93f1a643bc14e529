package org.procmon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySettingsTest {
    private static final String SOCKET = "/run/manager/notify";

    @Test
    void theMainProcessPassesOnThatItIs() {
        Map<String, String> passed =
                NotifySettings.ofMain(
                        Map.of("NOTIFY_SOCKET", SOCKET, "WATCHDOG_USEC", "3000000", "A", "b"), 42);

        assertThat(passed)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "NOTIFY_SOCKET", SOCKET,
                                "WATCHDOG_USEC", "3000000",
                                "WATCHDOG_PID", "42",
                                "A", "b"));
        assertThat(NotifySettings.of(passed, 99))
                .contains(new NotifySettings(SOCKET, Optional.of(Duration.ofSeconds(3)), 42));
        assertThat(NotifySettings.in(passed)).hasSize(3).doesNotContainKey("A");
    }

    @Test
    void aWatchdogForAnotherProcessIsIgnored() {
        Map<String, String> passed =
                NotifySettings.ofMain(
                        Map.of(
                                "NOTIFY_SOCKET", SOCKET,
                                "WATCHDOG_USEC", "3000000",
                                "WATCHDOG_PID", "41"),
                        42);

        assertThat(NotifySettings.of(passed, 42))
                .contains(new NotifySettings(SOCKET, Optional.empty(), 42));
    }

    @Test
    void aRenewedMonitorIsTheMainProcess() {
        Map<String, String> before =
                Map.of(
                        "NOTIFY_SOCKET", SOCKET,
                        "WATCHDOG_USEC", "3000000",
                        "WATCHDOG_PID", "41");

        assertThat(NotifySettings.of(NotifySettings.ofRenewed(before, 42), 42))
                .contains(new NotifySettings(SOCKET, Optional.of(Duration.ofSeconds(3)), 42));
    }

    @Test
    void withoutASocketThereIsNothingToPassOn() {
        Map<String, String> environment = Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", "42");

        assertThat(NotifySettings.ofMain(environment, 42)).isEmpty();
        assertThat(NotifySettings.of(environment, 42)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "@", "run/notify", "vsock:2:1234", "\n"})
    void ignoresAnInvalidSocket(String socket) {
        assertThat(NotifySettings.of(Map.of("NOTIFY_SOCKET", socket), 42)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "x", "1.5", "18446744073709551615", "9000000000000000"})
    void aTimeThatMakesNoSenseIsNoWatchdog(String micros) {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", "@manager", "WATCHDOG_USEC", micros);

        assertThat(NotifySettings.of(environment, 42))
                .contains(new NotifySettings("@manager", Optional.empty(), 42));
    }
}
