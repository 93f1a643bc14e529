package org.procmon.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.cli.completion.CommandEntry.Operand;

class CompletionScriptTest {
    private static final List<CommandEntry> COMMANDS =
            List.of(
                    new CommandEntry(
                            "start",
                            "start 'processes': all",
                            List.of("--no-wait", "-q"),
                            Operand.NAMES),
                    new CommandEntry("status", "show", List.of("--json"), Operand.NAMES),
                    new CommandEntry("check", "check", List.of("--strict"), Operand.FILES),
                    new CommandEntry("help", "help", List.of(), Operand.COMMANDS));

    @TempDir Path folder = Path.of("");

    /** By a real bash, with a procmon that lists two processes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "procmon st | start status",
                "procmon start w | web-1 web-2",
                "procmon --state-dir x start a | all",
                "procmon start --n | --no-wait",
                "procmon help che | check",
                "procmon check some | some.json",
                "procmon start nobody | ''",
            })
    void bashCompletes(String line, String completions) throws Exception {
        Files.writeString(folder.resolve("some.json"), "");
        String script =
                CompletionScript.BASH.text(COMMANDS)
                        + "procmon() { printf 'Process Name pid\nweb-1   1\nweb-2 2\n'; }\n"
                        + "COMP_WORDS=("
                        + line
                        + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_procmon\necho \"${COMPREPLY[*]}\"\n";
        assertThat(bash(script)).isEqualTo(completions + "\n");
    }

    private String bash(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("script"), script);
        Process process =
                new ProcessBuilder("bash", "--norc", file.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    @Test
    void zshDescribesTheCommands() {
        assertThat(CompletionScript.ZSH.text(COMMANDS))
                .startsWith("#compdef procmon\n")
                .contains("        'start:start processes - all'\n")
                .contains("        start)\n            options=(--no-wait -q)\n")
                .contains("_files", "_describe command commands");
    }

    @Test
    void fishKnowsLongAndShortOptions() {
        assertThat(CompletionScript.FISH.text(COMMANDS))
                .contains(
                        """
                        complete -c procmon -n __fish_use_subcommand -a start -d 'start processes - all'
                        complete -c procmon -n '__fish_seen_subcommand_from start' -l no-wait
                        complete -c procmon -n '__fish_seen_subcommand_from start' -s q
                        complete -c procmon -n '__fish_seen_subcommand_from start' -a "all (procmon -l\
                        """);
    }
}
