package org.procmon.front.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.MonitorSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;

/** The key that signs the cookies of the front. */
class SessionKeyFileTest {
    @TempDir Path folder = Path.of("");

    private static MonitorSpec spec(String more) {
        byte[] file =
                "{'http': {'listen': ':1', %s 'routes': []}}"
                        .formatted(more)
                        .replace('\'', '"')
                        .getBytes(UTF_8);
        return ((SpecResult.Valid) SpecReader.read(Path.of("/f"), file, Map.of())).spec();
    }

    @Test
    void isMadeOnceAndForItsOwnerOnly() throws Exception {
        Path file = folder.resolve("http.key");
        new FrontConfigFile(folder, spec(""));
        assertThat(file).doesNotExist();
        new FrontConfigFile(folder, spec("'auth': {'users': 'u'},"));
        byte[] key = Files.readAllBytes(file);
        assertThat(key).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        new FrontConfigFile(folder, spec("'auth': {'users': 'v'},"));
        assertThat(file).hasBinaryContent(key);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        new FrontConfigFile(folder, spec("'auth': {'users': 'u'},"));
        assertThat(Files.readAllBytes(file)).isNotEqualTo(key);
    }
}
