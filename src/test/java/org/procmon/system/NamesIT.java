package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.bytes.BytePath;

/** Names of files, arguments and variables are bytes, whatever the locale says. */
class NamesIT {
    private static final String CONFIGURATION =
            """
            {"include": ["zus\u00e4tze/*.json"], "processes": [{
              "id": "one", "exec": ["./skript-\u00fc.sh", "gr\u00fcn"], "cwd": "ordner-\u00e9",
              "env": {"OWN": "<${RAW}>"}, "env_file": "umgebung-\u00f6.env", "monitored": true,
              "stdout": {"file": "aus-\u00df.log"}, "watch": {"paths": ["datei-\u20ac"]}}]}
            """;

    private static final String INCLUDED =
            """
            {"id": "two", "exec": "sleep 1000", "cwd": "../ordner-\u00e9"}
            """;

    @TempDir Path temporary;

    /** The folder's name: as text, and for printf(1). */
    @ParameterizedTest
    @CsvSource({
        "spa\u00df, spa\\303\\237, --no-backup",
        "x\\udcffy, x\\377y, --no-backup",
        "x\\udcffy, x\\377y, -v"
    })
    void theyAreBytes(String name, String printed, String option) throws Exception {
        Path folder = temporary.resolve(BytePath.of(name.replace("\\udcff", "\udcff")));
        Path inner = Files.createDirectories(folder.resolve(BytePath.of("ordner-\u00e9")));
        Files.createDirectory(folder.resolve(BytePath.of("zus\u00e4tze")));
        Files.writeString(folder.resolve(BytePath.of("konf-\u00fc.json")), CONFIGURATION);
        Files.writeString(folder.resolve(BytePath.of("zus\u00e4tze/zw\u00f6lf.json")), INCLUDED);
        Files.writeString(folder.resolve(BytePath.of("datei-\u20ac")), "before");
        Path variables =
                Files.writeString(
                        folder.resolve(BytePath.of("umgebung-\u00f6.env")), "FILE=\u00f6l\n");
        Files.setPosixFilePermissions(variables, PosixFilePermissions.fromString("rw-------"));
        Path script =
                Files.writeString(
                        inner.resolve(BytePath.of("skript-\u00fc.sh")),
                        "#!/bin/sh\nenv >env.new; mv env.new env; echo \"is $1\"; exec sleep 1000\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));

        String lines =
                "cd \"$DIR/$(printf '"
                        + printed
                        + "')\"; RAW=$(printf '\\377'); export RAW LC_ALL=C; set -- \"$@\" \"$(printf 'konf-\\303\\274.json')\"";
        String[] arguments = {"run", option};
        try (TestMonitor monitor =
                TestMonitor.start(temporary, List.of(TestMonitor.after(lines)), arguments)) {
            Path log = folder.resolve(BytePath.of("aus-\u00df.log"));
            patiently()
                    .until(() ->
                            Files.exists(log) && Files.readString(log).equals("is gr\u00fcn\n"));
            monitor.awaitRun("two", 1);
            String began =
                    Files.readString(
                            inner.resolve(BytePath.of("env")), StandardCharsets.ISO_8859_1);
            assertThat(began.lines())
                    .contains("RAW=\u00ff", "OWN=<\u00ff>", "LC_ALL=C", "FILE=\u00c3\u00b6l");
            assertThat(monitor.cli("tail", "one").out()).isEqualTo("is gr\u00fcn\n");
            assertThat(monitor.cli("-l").out()).contains("./skript-\u00fc.sh gr\u00fcn");

            Files.writeString(folder.resolve(BytePath.of("datei-\u20ac")), "after");
            monitor.awaitRun("one", 2);
            assertThat(monitor.cli("reload").out()).isEqualTo("2 unchanged\n");
            if (option.equals("-v")) {
                int pid = monitor.row("two").pid();
                int primary = monitor.row("procmon1").pid();
                TestProduct.signal("KILL", primary);
                monitor.awaitAnother("procmon1", primary);
                assertThat(monitor.row("two").pid()).isEqualTo(pid);
            }
            monitor.must("-x");
            assertThat(monitor.awaitExit(Duration.ofSeconds(10))).isZero();
            assertThat(Files.readString(monitor.file("monitor.err"), StandardCharsets.ISO_8859_1))
                    .doesNotContain("does not exist", "\tat ");
        }
    }
}
