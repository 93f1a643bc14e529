package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.console.Console;
import org.procmon.importing.SourceFormat;

class ImportCommandTest {
    @TempDir Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void importWritesAConfigurationAndListsWhatIsMissing() throws IOException {
        Path file = folder.resolve("s.conf");
        Files.writeString(file, "[program:a]\ncommand=x\nuser=\u001b\n");
        assertThat(run("import", "supervisord", file.toString())).isEqualTo(78);
        assertThat(err())
                .isEqualTo(
                        file
                                + ":3: this is not text: it has a control character of the number"
                                + " 27\n");
        assertThat(out()).isEmpty();
        err.reset();

        Files.writeString(file, "[program:a]\ncommand=x\nstdout_syslog=true\n");
        assertThat(run("import", "supervisord", file.toString())).isZero();
        assertThat(err())
                .isEqualTo(
                        file
                                + ":3: [program:a] stdout_syslog: no equivalent: output goes to"
                                + " files, not to syslog\n");
        Path imported = Files.writeString(folder.resolve("a.json"), out());
        out.reset();
        assertThat(run("check", imported.toString())).isZero();
        assertThat(out()).isEqualTo(imported + ": 1 process, no problems\n");
    }

    @Test
    void importTakesSeveralUnitsAndReportsAMissingOne() throws IOException {
        Path a = Files.writeString(folder.resolve("a.service"), "[Service]\nExecStart=/bin/a");
        Path b = folder.resolve("b.service");
        assertThat(run("import", "systemd", a.toString(), b.toString())).isEqualTo(1);
        assertThat(err())
                .isEqualTo(
                        "procmon: cannot import "
                                + b
                                + ": cannot read the file: there is no such file\n");
        Files.copy(a, b);
        assertThat(run("import", "systemd", a.toString(), b.toString())).isZero();
        assertThat(out()).contains("\"id\": \"a\"", "\"id\": \"b\"");
    }

    @Test
    void anImportedCommandHasOptionsOfItsOwn() {
        assertThat(run("import", "spawn-fcgi", "-p", "9000", "-a", "::1", "-F4", "--", "app", "-x"))
                .isZero();
        assertThat(out())
                .startsWith("// Imported from the command: -p 9000 -a ::1 -F4 -- app -x\n{")
                .contains("\"exec\": \"app -x\"", "\"listen\": \"[::1]:9000\"", "\"workers\": 4");
        out.reset();
        assertThat(run("import", "spawn-fcgi", "spawn-fcgi -s '/x y' -U root -- app")).isZero();
        assertThat(out()).contains("\"listen\": \"/x y\"");
        assertThat(run("import", "spawn-fcgi", "-q")).isEqualTo(78);
        assertThat(err()).isEqualTo("spawn-fcgi:1: spawn-fcgi has no option '-q'\n");
        assertThat(run("import", "supervisord", "spawn-fcgi", "-q")).isEqualTo(2);
    }

    @Test
    void theReferenceNamesEveryFormat() throws IOException {
        String page = Files.readString(Path.of("docs/reference/commands.md"));
        for (SourceFormat format : SourceFormat.values()) {
            assertThat(page).contains("`" + format.word() + "`");
        }
    }

    private int run(String... args) {
        Console console = new Console(stream(out), stream(err), Map.of(), Path.of("/nowhere"));
        return CommandLine.run(args, console, (_, _) -> 0, (_, _) -> List.of());
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, false, StandardCharsets.UTF_8);
    }
}
