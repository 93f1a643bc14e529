package org.procmon.pool.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether some unit of systemd passes a socket. */
class SocketUnitsTest {
    @TempDir Path folder = Path.of("");

    private boolean isPassed(String name, String environment) {
        return new SocketUnits(List.of(folder.resolve("none"), folder))
                .havingNone(name, Map.of("LISTEN_FDNAMES", environment))
                .isEmpty();
    }

    @Test
    void aSocketHasTheNameOfItsUnitOrTheOneThatTheUnitSets() throws Exception {
        Files.writeString(folder.resolve("php.socket"), "[Socket]\nListenStream=/run/php.sock\n");
        Files.writeString(folder.resolve("web.socket"), "[Socket]\nFileDescriptorName = public\n");
        Path parts = Files.createDirectory(folder.resolve("mail.socket.d"));
        Files.writeString(parts.resolve("name.conf"), "[Socket]\nFileDescriptorName=post\n");
        Files.writeString(folder.resolve("other.service"), "FileDescriptorName=service\n");
        assertThat(isPassed("php.socket", "")).isTrue();
        assertThat(isPassed("public", "")).isTrue();
        assertThat(isPassed("post", "")).isTrue();
        assertThat(isPassed("php", "")).isFalse();
        assertThat(isPassed("service", "")).isFalse();
        assertThat(isPassed("publi", "")).isFalse();
    }

    @Test
    void aCommandOfTheServiceSeesTheNamesThatItGot() {
        assertThat(isPassed("b", "a:b")).isTrue();
        assertThat(isPassed("c", "a:b")).isFalse();
        assertThat(new SocketUnits(List.of()).havingNone("c.socket", Map.of()))
                .contains(
                        "no unit of systemd passes a socket with this name: 'c.socket' needs"
                                + " FileDescriptorName=c.socket, or is the name of the unit");
    }
}
