package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.procmon.Markdown;
import org.procmon.cli.console.ExitCode;
import org.procmon.control.client.UpstreamList;
import org.procmon.lifecycle.Phase;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.ProcessRow.Condition;
import org.procmon.status.fields.ProcessRow.Identity;
import org.procmon.status.fields.ProcessRow.Run;

/** docs/reference/commands.md names what the command line has, and nothing else. */
class CommandPageTest {
    private Markdown page = new Markdown(Path.of(""), List.of());

    @BeforeEach
    void read() throws IOException {
        page = Markdown.read("docs/reference/commands.md");
    }

    @Test
    void namesEveryCommandWithItsOperands() {
        assertThat(page.words("## Commands", 0, 0))
                .containsExactlyElementsOf(
                        Stream.of(Action.values())
                                .filter(action -> !action.command.isEmpty())
                                .map(action -> (action.command + " " + action.operands).strip())
                                .toList());
    }

    @Test
    void namesEveryShortForm() {
        assertThat(page.words("## Commands", 1, 0))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Shortcut.values())
                                .map(shortcut -> (shortcut.flag + " " + shortcut.value).strip())
                                .toList());
    }

    @Test
    void namesEveryOptionThatIsNotHidden() {
        assertThat(page.words("## Options", 0, 0))
                .containsExactlyElementsOf(
                        Stream.of(Option.values())
                                .filter(option -> !option.isHidden())
                                .map(option -> (option.flag + " " + option.value).strip())
                                .toList());
    }

    @Test
    void saysWhichCommandsTakeAnOption() {
        for (List<String> row : page.table("## Options", 0)) {
            String flag = Markdown.words(row.getFirst()).findFirst().orElseThrow().split(" ", 2)[0];
            Option option = Objects.requireNonNull(Option.ofFlag(flag), flag);
            List<String> commands = Markdown.words(row.get(1)).toList();
            if (!commands.isEmpty()) {
                assertThat(commands).as(flag).isEqualTo(commandsThatTake(option));
            }
        }
    }

    private static List<String> commandsThatTake(Option option) {
        return Action.commands().stream()
                .filter(command -> Objects.requireNonNull(Action.ofCommand(command)).takes(option))
                .toList();
    }

    @Test
    void namesEveryExitCode() throws IllegalAccessException {
        List<String> codes = new ArrayList<>();
        for (Field field : ExitCode.class.getDeclaredFields()) {
            if (field.getType() == int.class) {
                codes.add(String.valueOf(field.getInt(null)));
            }
        }
        assertThat(page.table("## Exit codes", 0))
                .extracting(List::getFirst)
                .containsExactlyElementsOf(codes);
    }

    @Test
    void saysWhichStatesTheListCallsRunningAndStopped() {
        List<String> states = new ArrayList<>();
        for (List<String> row : page.table("## The list", 0)) {
            String word = Markdown.words(row.getFirst()).findFirst().orElseThrow();
            for (String state : Markdown.words(row.get(1)).toList()) {
                assertThat(UpstreamList.state(inState(state))).as(state).isEqualTo(word);
                states.add(state);
            }
        }
        assertThat(states)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Phase.values()).map(Phase::wireName).toList());
    }

    private static ProcessRow inState(String state) {
        return new ProcessRow(
                new Identity("web", "true", List.of(), false, Optional.empty()),
                new Condition(state, "up", "", 0, ""),
                new Run(1, 1, 0, OptionalLong.empty()));
    }
}
