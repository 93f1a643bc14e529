package org.procmon.reload.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.config.SpecResult;
import org.procmon.config.pool.ListenerPass;
import org.procmon.config.reader.SpecReader;

/** Two specifications have equal fingerprints unless a run of one has to be replaced. */
class SpecFingerprintTest {
    private static final String PLAIN = "'exec': 'web --port 1'";

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of("'exec': 'web --port 2'", "exec"),
                Arguments.of("'exec': ['web', '--port 1']", "exec"),
                Arguments.of(PLAIN + ", 'cwd': '/srv'", "cwd"),
                Arguments.of(PLAIN + ", 'env': {'A': '1'}", "env"),
                Arguments.of(PLAIN + ", 'user': 'daemon'", "user"),
                Arguments.of(PLAIN + ", 'groups': ['daemon']", "groups"),
                Arguments.of(PLAIN + ", 'umask': '027'", "umask"),
                Arguments.of(PLAIN + ", 'nice': 3", "nice"),
                Arguments.of(PLAIN + ", 'no_new_privs': true", "no_new_privs"),
                Arguments.of(PLAIN + ", 'limits': {'nofile': 7}", "limits"),
                Arguments.of(PLAIN + ", 'env_file': '/etc/web.env'", "env_file"),
                Arguments.of(PLAIN + ", 'clear_env': true", "clear_env"),
                Arguments.of(PLAIN + ", 'env_file': {'path': '/e', 'public': true}", "env_file"),
                Arguments.of(PLAIN + ", 'stdin': 'open'", "stdin"),
                Arguments.of(PLAIN + ", 'stdin': '/etc/passwd'", "stdin"),
                Arguments.of(PLAIN + ", 'stdout': 'null'", "stdout"),
                Arguments.of(PLAIN + ", 'stderr': {'file': '/dev/stdout'}", "stderr"),
                Arguments.of(PLAIN + ", 'stderr': 'stdout'", "stderr"),
                Arguments.of(PLAIN + ", 'ready': {'tcp': ':1'}", "ready"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aKeyThatNeedsANewRunChangesIt(String keys, String key) {
        String plain = SpecFingerprint.of(spec(PLAIN));
        String changed = SpecFingerprint.of(spec(keys));

        assertThat(SpecFingerprint.difference(plain, changed)).containsExactly(key);
        assertThat(SpecFingerprint.difference(changed, plain)).containsExactly(key);
        assertThat(SpecFingerprint.difference(changed, changed)).isEmpty();
    }

    /** What the fingerprint knows is what a reload restarts for, key by key. */
    @ParameterizedTest
    @MethodSource("changes")
    void itAgreesWithTheDifferenceOfTheSpecifications(String keys, String key) {
        SpecDiff specDiff = SpecDiff.between(spec(PLAIN), spec(keys));

        assertThat(specDiff.needsRestart()).isTrue();
        assertThat(specDiff.demanding()).containsExactly(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'restart': 'always'",
                "'stop': {'signal': 'INT', 'timeout': 3}",
                "'stop': {'to': 'main'}",
                "'stdin': 'null'",
                "'stdout': {'file': '/tmp/web.log'}",
                "'stdout': {'mode': '0644', 'owner': 'daemon'}",
                "'health': {'tcp': ':1'}",
                "'depends': []",
                "'skip': true"
            })
    void aKeyThatCountsForTheRunThatIsAliveDoesNot(String more) {
        assertThat(SpecFingerprint.of(spec(PLAIN + ", " + more)))
                .isEqualTo(SpecFingerprint.of(spec(PLAIN)));
    }

    @Test
    void theOrderOfVariablesDoesNotCount() {
        ProcessSpec one = spec(PLAIN + ", 'env': {'A': '1', 'B': '2', 'C': '3', 'D': '4'}");
        ProcessSpec two = spec(PLAIN + ", 'env': {'D': '4', 'C': '3', 'B': '2', 'A': '1'}");

        assertThat(SpecFingerprint.of(one)).isEqualTo(SpecFingerprint.of(two));
    }

    /** Programs may look at what is their standard input, so a listener of another pool counts. */
    @Test
    void theListenerOfAWorkerCountsAsItsInput() {
        ProcessSpec plain = SpecBuilder.process("web").build();
        ProcessSpec worker =
                SpecBuilder.process("web")
                        .stdin(new InputSpec.Listener("web", ListenerPass.FD0))
                        .build();
        ProcessSpec other =
                SpecBuilder.process("web")
                        .stdin(new InputSpec.Listener("php", ListenerPass.FD0))
                        .build();
        for (ProcessSpec before : List.of(plain, other)) {
            assertThat(
                            SpecFingerprint.difference(
                                    SpecFingerprint.of(before), SpecFingerprint.of(worker)))
                    .containsExactly("stdin");
            assertThat(SpecDiff.between(before, worker).demanding()).containsExactly("stdin");
        }
        ProcessSpec same =
                SpecBuilder.process("web")
                        .stdin(new InputSpec.Listener("web", ListenerPass.FD0))
                        .build();
        assertThat(SpecFingerprint.of(same)).isEqualTo(SpecFingerprint.of(worker));
        assertThat(SpecDiff.between(same, worker).keys()).isEmpty();
    }

    @Test
    void anUnknownOneDiffersInNothing() {
        assertThat(SpecFingerprint.difference("", SpecFingerprint.of(spec(PLAIN)))).isEmpty();
    }

    @Test
    void aKeyAtItsDefaultIsNotInIt() {
        assertThat(SpecFingerprint.of(spec(PLAIN))).matches("exec:[0-9a-f]{1,8}");
    }

    private static ProcessSpec spec(String keys) {
        String text = ("{'processes': [{'id': 'web', " + keys + "}]}").replace('\'', '"');
        return switch (SpecReader.read(
                Path.of("/etc/p.json"), text.getBytes(StandardCharsets.UTF_8), Map.of())) {
            case SpecResult.Valid valid -> valid.spec().processes().getFirst();
            case SpecResult.Invalid invalid ->
                    throw new IllegalArgumentException(invalid.problems().toString());
        };
    }
}
