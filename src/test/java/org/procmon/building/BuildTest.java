package org.procmon.building;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code build.sh} in a checkout whose compiler, linker and programs only note that they ran. */
@Timeout(60)
class BuildTest {
    private static final String NOTE = "echo \"${0##*/} $*\" >>\"$NOTES\"\n";

    @TempDir Path folder = Path.of("");

    private Path checkout = Path.of("");

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = Files.createDirectory(folder.resolve("checkout"));
        for (String file :
                List.of(
                        "build.sh",
                        "packaging/debian.sh",
                        "packaging/built.sh",
                        "packaging/classpath.sh",
                        "packaging/port.sh")) {
            Path copy = checkout.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
        write("src/main/java/Main.java", "class Main {}");
        write("pom.xml", "<project/>");
        for (String file : List.of("procmon.sh", "web_program.sh", "init.sh", "run.sh")) {
            write("packaging/" + file, NOTE);
        }
        write("packaging/link.sh", NOTE + "mkdir -p \"$1/runtime\"\n");
        write(
                "packaging/train.sh",
                NOTE + "[ ! -e \"$FOLDER/broken\" ] || { echo no cache >&2; exit 1; }\n");
        program(
                "bin/mvn",
                NOTE + "mkdir -p target/lib\ntouch target/procmon-1.jar target/lib/json-1.jar\n");
        for (String program :
                List.of("bin/lighttpd", "bin/curl", "jdk/bin/javac", "jdk/bin/jlink")) {
            program(program, NOTE);
        }
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    @Test
    void eachStepIsALineWithItsTime() throws Exception {
        Outcome outcome = build("build");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err().lines())
                .hasSize(3)
                .zipSatisfy(
                        List.of("compiling", "linking the runtime", "training the caches"),
                        (line, step) ->
                                assertThat(line).matches("build\\.sh: " + step + ": \\d+ s"));
        assertThat(outcome.out()).isEmpty();
        assertThat(notes()).hasSize(3);
    }

    @Test
    void whatIsUpToDateIsNotMadeAgain() throws Exception {
        build("build");
        notes();
        Files.setLastModifiedTime(
                checkout.resolve("src/main/java/Main.java"),
                FileTime.fromMillis(System.currentTimeMillis() + 10_000));

        Outcome outcome = build("run");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("target/procmon is up to date");
        assertThat(notes()).containsExactly("run.sh " + checkout + "/target/procmon");
    }

    @Test
    void aChangeOfWhateverItIsMadeOfMakesItAgain() throws Exception {
        build("build");
        for (String changed :
                List.of(
                        "src/main/java/Main.java",
                        "pom.xml",
                        "packaging/train.sh",
                        "../jdk/release")) {
            notes();
            write(changed, Files.readString(checkout.resolve(changed)) + "\n");
            build("build");
            assertThat(notes()).as(changed).hasSize(3);
        }
        write("src/main/java/Fresh.java", "");
        build("build");
        assertThat(notes()).as("a new source").hasSize(3);
    }

    @Test
    void aProductWhoseMakingFailedIsNotTakenForDone() throws Exception {
        Files.createFile(folder.resolve("broken"));

        Outcome failed = build("build");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .containsPattern("training the caches: failed after \\d+ s\nno cache\n");
        assertThat(checkout.resolve("target/procmon")).doesNotExist();
        Files.delete(folder.resolve("broken"));
        notes();
        assertThat(build("build").code()).isZero();
        assertThat(notes()).hasSize(3);
    }

    @Test
    void aChangeDuringTheBuildIsBuiltNextTime() throws Exception {
        program(
                "bin/mvn",
                Files.readString(folder.resolve("bin/mvn"))
                        + "echo '//' >>src/main/java/Main.java\n");
        build("build");
        notes();

        build("build");

        assertThat(notes()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0080", "65536", "99999", "x", "-1"})
    void refusesWhatIsNoPort(String port) throws Exception {
        Outcome outcome = build("run", Map.of("PORT", port));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("'" + port + "' is no port");
        assertThat(notes()).isEmpty();
    }

    @Test
    void aPortInUseIsReportedBeforeAnythingIsBuilt() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = socket.getLocalPort();

            Outcome outcome = build("run", Map.of("PORT", String.valueOf(port)));

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains(
                            "cannot use port "
                                    + port
                                    + ": pid "
                                    + ProcessHandle.current().pid()
                                    + " (")
                    .contains("PORT=" + (port + 1) + " ./build.sh run");
            assertThat(notes()).isEmpty();
        }
    }

    private Outcome build(String command) throws Exception {
        // A port that nobody can have taken meanwhile.
        return build(command, Map.of("PORT", "1"));
    }

    private Outcome build(String command, Map<String, String> variables) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder("sh", checkout.resolve("build.sh").toString(), command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("NOTES", folder.resolve("notes").toString());
        builder.environment().put("FOLDER", folder.toString());
        builder.environment().putAll(variables);
        int code = builder.start().waitFor();
        return new Outcome(code, Files.readString(out), Files.readString(err));
    }

    /** The programs that have run since this was last asked. */
    private List<String> notes() throws IOException {
        Path notes = folder.resolve("notes");
        List<String> lines = Files.exists(notes) ? Files.readAllLines(notes) : List.of();
        Files.deleteIfExists(notes);
        return new ArrayList<>(lines);
    }

    private void write(String file, String text) throws IOException {
        Path path = checkout.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void program(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + text);
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }
}
