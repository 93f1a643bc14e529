package org.procmon.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytePathTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a/b c",
                "/50%/x?y#z",
                "/spa\u00df",
                "/\udcff",
                "/a%ff\udcff/b",
                "a/\udcff\udcfe/\u00e4",
                "\udcff",
                "../\udcff",
                ""
            })
    void aPathComesBackAsTheTextItWasMadeOf(String text) {
        assertThat(BytePath.text(BytePath.of(text))).isEqualTo(text);
    }

    @Test
    void aNameThatIsNotUtf8IsTheNameOnDisk() throws IOException {
        Path file = folder.resolve(BytePath.of("x\udcffy"));
        Files.writeString(file, "here");

        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            assertThat(entries).containsExactly(file);
        }
        assertThat(Files.readString(BytePath.of(BytePath.text(file)))).isEqualTo("here");
        assertThat(BytePath.text(file)).isEqualTo(folder + "/x\udcffy");
    }

    /** A folder's URI ends with a slash. */
    @Test
    void aFolderIsNamedWithoutASlashAtItsEnd() throws IOException {
        Path inner = Files.createDirectory(folder.resolve(BytePath.of("\udcff")));

        assertThat(BytePath.text(inner)).isEqualTo(folder + "/\udcff");
    }

    @Test
    void aNulIsNoPartOfAPath() {
        assertThatThrownBy(() -> BytePath.of("a\0b")).isInstanceOf(InvalidPathException.class);
    }
}
