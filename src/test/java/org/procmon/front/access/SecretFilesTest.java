package org.procmon.front.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of users and of tokens. */
class SecretFilesTest {
    private static final String HASH =
            "$2y$04$eci.XFa1aFK/zCZbPnktKOm5uDZdNjfUk0HRIuuS5Iftj/bfp4mDC";
    private static final String DIGEST = "a".repeat(64);

    @TempDir Path folder = Path.of("");

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("file"), content);
    }

    @Test
    void readsWhatHtpasswdWrites() throws IOException {
        PasswordFile users = PasswordFile.read(file("# people\n\nada:" + HASH + "\r\n"));
        assertThat(users.count()).isOne();
        assertThat(users.hash("ada")).contains(HASH);
        assertThat(users.hash("bob")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "$apr1$XssjqLFa$K1plHnUQP9bnIXFL9t6W6., by MD5",
        "{SHA}EfatjsUqKYSrqv18O1FlA3hcIHI=, by SHA-1",
        "$6$abc$def, by crypt(3)",
        "plain, not at all",
        "$2y$04$short, by crypt(3)"
    })
    void refusesOtherHashesAndSaysWhatToRun(String hash, String kind) throws IOException {
        Path file = file("ada:" + HASH + "\nbob:" + hash + "\n");
        assertThatThrownBy(() -> PasswordFile.read(file))
                .hasMessageContaining(file + ", line 2: ")
                .hasMessageContaining(kind)
                .hasMessageContaining("run 'htpasswd -B " + file + " bob'");
    }

    @Test
    void refusesAHashThatTakesSecondsToCompare() throws IOException {
        Path file = file("ada:" + HASH.replace("$04$", "$20$"));
        assertThatThrownBy(() -> PasswordFile.read(file))
                .hasMessageContaining("cost")
                .hasMessageContaining("htpasswd -B -C 10");
    }

    @Test
    void readsTokensWithTheirRoles() throws IOException {
        TokenFile tokens =
                TokenFile.read(
                        file(
                                "a:%s\nb:%s:read\nc:%s:change\n"
                                        .formatted(
                                                DIGEST, "B".repeat(64), DIGEST.replace('a', 'c'))));
        assertThat(tokens.caller(DIGEST)).contains(new Caller("a", Caller.Scheme.BEARER, false));
        assertThat(tokens.caller("b".repeat(64)))
                .contains(new Caller("b", Caller.Scheme.BEARER, true));
        assertThat(tokens.caller("c".repeat(64)).orElseThrow().readOnly()).isFalse();
        assertThat(tokens.caller("d".repeat(64))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "a:", "a", ":b", "a:%s:write", "a:%s:read:x", "a\u0007:%s"})
    void refusesALineThatIsNoToken(String line) throws IOException {
        Path file = file(line.formatted(DIGEST));
        assertThatThrownBy(() -> TokenFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void refusesAFileThatIsMissingOrTooLong() throws IOException {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> PasswordFile.read(none)).hasMessage("there is no file " + none);
        Path longer = file("#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> TokenFile.read(longer)).hasMessageContaining("has more than");
    }
}
