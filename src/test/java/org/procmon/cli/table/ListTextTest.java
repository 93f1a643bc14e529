package org.procmon.cli.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.cli.console.Terminal;
import org.procmon.cli.console.TextWidth;
import org.procmon.cli.console.UsageException;
import org.procmon.status.fields.NextChange;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.ProcessRow.Condition;
import org.procmon.status.fields.ProcessRow.History;
import org.procmon.status.fields.ProcessRow.Identity;
import org.procmon.status.fields.ProcessRow.Run;
import org.procmon.status.fields.ProcessRow.Signs;
import org.procmon.status.fields.ProcessRow.Usage;
import org.procmon.status.fields.ProcessRow.Warnings;

class ListTextTest {
    private static final List<ProcessRow> ALL =
            List.of(
                    monitor("procmon1", 100),
                    monitor("procmon2", 99),
                    running(
                            "web",
                            4711,
                            3_723_000,
                            12.34,
                            10 << 20,
                            "run 3, the one before exited with code 1 after 3 ms"),
                    running("db", 12, 13_000, 0.04, 900 << 10, "started"),
                    down("worker.1", "waiting", "waits for migrate to be completed"),
                    coming(
                            "flap",
                            "backoff",
                            "exited with code 3 after 51 ms; restart 5 in a row, delayed by 4.0 s",
                            "restart",
                            3_400),
                    down("migrate", "failed", "exited with code 2 after 1.0 s"),
                    coming("old", "stopping", "stops because of a command", "KILL", 6_001),
                    down("nightly", "completed", "exited with code 0 after 3.0 s"),
                    down("off", "stopped", "skipped by the configuration"));

    @Test
    void aPipeGetsEveryColumnWhole() {
        assertThat(text(TableChoice.USUAL, Optional.empty()))
                .isEqualTo(
                        """
                        NAME      STATE        PID  RESTARTS     UP   CPU   MEM  WHY
                        migrate   failed         -         0      -     -     -  exited with code 2 after 1.0 s
                        flap      backoff 4s     -         0      -     -     -  exited with code 3 after 51 ms; restart 5 in a row, delayed by 4.0 s
                        web       running     4711         2  1h02m   12%   10M  run 3, the one before exited with code 1 after 3 ms
                        db        running       12         2    13s  0.0%  900K
                        worker.1  waiting        -         0      -     -     -  waits for migrate to be completed
                        old       stopping      77         0     5s     -     -  stops because of a command; KILL in 7s
                        nightly   completed      -         0      -     -     -  exited with code 0 after 3.0 s
                        off       stopped        -         0      -     -     -  skipped by the configuration
                        2 of 8 up, 1 failed, 1 in backoff, 1 waiting, 1 stopping, 1 stopped, 1 completed; monitor 100, backup 99
                        """);
    }

    @Test
    void atEightyColumnsTheReasonIsCut() {
        assertThat(text(TableChoice.USUAL, terminal(80, false)))
                .isEqualTo(
                        """
                        NAME      STATE        PID  RESTARTS     UP   CPU   MEM  WHY
                        migrate   failed         -         0      -     -     -  exited with code 2 aft…
                        flap      backoff 4s     -         0      -     -     -  exited with code 3 aft…
                        web       running     4711         2  1h02m   12%   10M  run 3, the one before…
                        db        running       12         2    13s  0.0%  900K
                        worker.1  waiting        -         0      -     -     -  waits for migrate to b…
                        old       stopping      77         0     5s     -     -  stops because of a com…
                        nightly   completed      -         0      -     -     -  exited with code 0 aft…
                        off       stopped        -         0      -     -     -  skipped by the configu…
                        2 of 8 up, 1 failed, 1 in backoff, 1 waiting, 1 stopping, 1 stopped, 1 complete…
                        """);
    }

    @Test
    void aNarrowTerminalLosesColumnsInTheirOrder() {
        assertThat(head(67)).isEqualTo("NAME      STATE        PID  RESTARTS     UP   MEM  WHY");
        assertThat(head(61)).isEqualTo("NAME      STATE        PID  RESTARTS     UP  WHY");
        assertThat(head(51)).isEqualTo("NAME      STATE        PID     UP  WHY");
        assertThat(head(45)).isEqualTo("NAME      STATE          UP  WHY");
        assertThat(head(38)).isEqualTo("NAME      STATE       WHY");
        assertThat(head(30)).isEqualTo("NAME      STATE");
        assertThat(head(15)).isEqualTo("NAME  STATE");
    }

    private static String head(int columns) {
        return text(TableChoice.USUAL, terminal(columns, false)).lines().findFirst().orElse("");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noLineIsLongerThanTheTerminal(boolean colours) {
        IntStream.rangeClosed(10, 220)
                .forEach(columns ->
                        assertThat(text(TableChoice.USUAL, terminal(columns, colours)).lines())
                                .allMatch(line -> TextWidth.of(plain(line)) <= columns));
    }

    @Test
    void coloursShowStatesAndChangeNothingElse() {
        String coloured = text(TableChoice.USUAL, terminal(80, true));
        assertThat(coloured)
                .contains("\u001b[31mfailed\u001b[0m")
                .contains("\u001b[32mrunning\u001b[0m")
                .contains("\u001b[33mbackoff 4s\u001b[0m")
                .contains("\u001b[2mstopped\u001b[0m");
        assertThat(plain(coloured)).isEqualTo(text(TableChoice.USUAL, terminal(80, false)));
    }

    @Test
    void aWideTableHasTheCommandAndIsNotCut() throws UsageException {
        String wide = text(TableChoice.of(null, null, true), terminal(40, false));
        assertThat(wide.lines().findFirst().orElse("")).matches("NAME .* WHY +COMMAND");
        assertThat(wide).contains("restart 5 in a row, delayed by 4.0 s  sleep 1\n");
    }

    @Test
    void statesAreAFilterAndTheSumsAreOfAll() throws UsageException {
        assertThat(text(TableChoice.of("failed,stopped", null, false), Optional.empty()))
                .isEqualTo(
                        """
                        NAME     STATE    PID  RESTARTS  UP  CPU  MEM  WHY
                        migrate  failed     -         0   -    -    -  exited with code 2 after 1.0 s
                        off      stopped    -         0   -    -    -  skipped by the configuration
                        2 of 8 up, 1 failed, 1 in backoff, 1 waiting, 1 stopping, 1 stopped, 1 completed; monitor 100, backup 99
                        """);
        assertThatThrownBy(() -> TableChoice.of("faild", null, false))
                .hasMessage("there is no state 'faild', did you mean 'failed'?");
        assertThatThrownBy(() -> TableChoice.of("", null, false))
                .hasMessageStartingWith("there is no state ''; the states are stopped, waiting,");
    }

    @Test
    void aKeySortsInsteadOfTrouble() throws UsageException {
        assertThat(names("name"))
                .containsExactly(
                        "db", "flap", "migrate", "nightly", "off", "old", "web", "worker.1");
        assertThat(names("cpu")).startsWith("web", "db", "worker.1");
        assertThat(names("mem")).startsWith("web", "db", "worker.1");
        assertThat(names("up")).startsWith("web", "db", "old");
        assertThatThrownBy(() -> TableChoice.of(null, "memory", false))
                .hasMessage(
                        "the table cannot be sorted by 'memory'; the keys are cpu, mem, name, up");
    }

    private static List<String> names(String key) throws UsageException {
        List<String> lines =
                text(TableChoice.of(null, key, false), Optional.empty()).lines().toList();
        return lines.subList(1, lines.size() - 1).stream()
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    @Test
    void monitorsAreRowsOnlyIfTheyAreNamed() {
        assertThat(
                        ListText.of(
                                ALL.subList(0, 3),
                                List.of(),
                                true,
                                TableChoice.USUAL,
                                Optional.empty()))
                .contains("procmon1  running   100")
                .endsWith("\n1 of 1 up\n");
        assertThat(ListText.of(List.of(), List.of(), false, TableChoice.USUAL, Optional.empty()))
                .isEqualTo("no processes\n");
    }

    @Test
    void aPoolIsARowThatIsUpWhileItServes() {
        PoolRow pool =
                new PoolRow(
                        "php",
                        new PoolRow.Condition("serving", "started", "", 5),
                        new PoolRow.Setup("ondemand", 0, 4, "php-cgi"),
                        new PoolRow.Listening(List.of("/s"), Optional.empty()),
                        new PoolRow.Queue(
                                3,
                                OptionalLong.empty(),
                                5,
                                OptionalInt.empty(),
                                OptionalLong.empty()),
                        new PoolRow.Load(1, 2),
                        new PoolRow.Counters(0, 0, 0, 0, 0, 0, 0, 0),
                        Optional.empty(),
                        List.of());
        assertThat(
                        ListText.of(
                                List.of(),
                                List.of(pool),
                                false,
                                TableChoice.USUAL,
                                Optional.empty()))
                .isEqualTo(
                        """
                        NAME  STATE    PID  RESTARTS  UP  CPU  MEM  WHY
                        php   serving    -         -   -    -    -  pool: 1 busy, 2 idle, 3 waiting
                        1 of 1 up
                        """);
    }

    @Test
    void aPageKeepsTheLastLine() {
        assertThat(ListCommand.page("a\nb\nc\nd\n", 4))
                .isEqualTo("a\u001b[K\nb\u001b[K\nd\u001b[K\n");
        assertThat(ListCommand.page("a\nb\nc\n", 4)).isEqualTo("a\u001b[K\nb\u001b[K\nc\u001b[K\n");
    }

    private static String text(TableChoice choice, Optional<Terminal> terminal) {
        return ListText.of(ALL, List.of(), false, choice, terminal);
    }

    private static String plain(String text) {
        return text.replaceAll("\u001b\\[[0-9]*m", "");
    }

    private static Optional<Terminal> terminal(int columns, boolean colours) {
        return Optional.of(new Terminal(columns, 24, colours));
    }

    private static ProcessRow monitor(String name, int pid) {
        return row(
                name,
                "running",
                pid,
                0,
                OptionalLong.of(1000),
                "started",
                Optional.empty(),
                Optional.empty());
    }

    private static ProcessRow running(
            String name, int pid, long upMs, double cpu, long rss, String cause) {
        return row(
                name,
                "running",
                pid,
                2,
                OptionalLong.of(upMs),
                cause,
                Optional.empty(),
                Optional.of(new Usage(cpu, rss)));
    }

    private static ProcessRow down(String name, String state, String cause) {
        return row(
                name, state, 4, 0, OptionalLong.empty(), cause, Optional.empty(), Optional.empty());
    }

    private static ProcessRow coming(
            String name, String state, String cause, String what, long inMs) {
        OptionalLong up = state.equals("stopping") ? OptionalLong.of(5000) : OptionalLong.empty();
        return row(
                name,
                state,
                77,
                0,
                up,
                cause,
                Optional.of(new NextChange(what, "", inMs)),
                Optional.empty());
    }

    private static ProcessRow row(
            String name,
            String state,
            int pid,
            long restarts,
            OptionalLong up,
            String cause,
            Optional<NextChange> next,
            Optional<Usage> usage) {
        return new ProcessRow(
                new Identity(name, "sleep 1", List.of(), false, Optional.empty()),
                new Condition(state, "up", "", 1000, cause),
                new Run(pid, 1, restarts, up),
                Optional.empty(),
                next,
                Optional.empty(),
                Warnings.NONE,
                Signs.NONE,
                History.NONE,
                usage);
    }
}
