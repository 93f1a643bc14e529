package org.procmon.pool.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procmon.config.pool.PoolAddress;

class ListenerNameTest {
    @Test
    void aNameIsWhatTheConfigurationWouldSay() {
        assertThat(
                        List.of(
                                ListenerName.of(
                                        new PoolAddress.UnixPath(Path.of("/run/a.sock"), 0600)),
                                ListenerName.of(new PoolAddress.AbstractName("a b")),
                                ListenerName.of(new PoolAddress.TcpPort("127.0.0.1", 9000)),
                                ListenerName.of(new PoolAddress.TcpPort("::1", 9000)),
                                ListenerName.of(new PoolAddress.TcpPort("", 9000)),
                                ListenerName.of(new PoolAddress.FromSystemd("php"))))
                .containsExactly(
                        "/run/a.sock",
                        "@a b",
                        "127.0.0.1:9000",
                        "[::1]:9000",
                        ":9000",
                        "systemd:php");
    }
}
