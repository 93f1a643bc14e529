package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.Markdown;

/** docs/reference/keys.md names the keys that the reader knows, object by object. */
class KeyPageTest {
    private static final String PAGE = "docs/reference/keys.md";

    private static final Map<String, Keys> SECTIONS =
            Map.ofEntries(
                    Map.entry("## The file", Keys.TOP),
                    Map.entry("## An included file", Keys.INCLUDED),
                    Map.entry("## include", Keys.INCLUDE),
                    Map.entry("## dropins", Keys.DROP_IN),
                    Map.entry("## sites", Keys.SITE),
                    Map.entry("## control", Keys.CONTROL),
                    Map.entry("## output", Keys.OUTPUT),
                    Map.entry("## start_budget", Keys.START_BUDGET),
                    Map.entry("## A process", Keys.PROCESS),
                    Map.entry("## depends", Keys.DEPENDENCY),
                    Map.entry("## backoff", Keys.BACKOFF),
                    Map.entry("## give_up", Keys.GIVE_UP),
                    Map.entry("## stop", Keys.STOP),
                    Map.entry("## stdout and stderr", Keys.OUTPUT_STREAM),
                    Map.entry("## ready", Keys.READY),
                    Map.entry("## health", Keys.HEALTH),
                    Map.entry("## hooks", Keys.HOOKS),
                    Map.entry("### A hook", Keys.HOOK),
                    Map.entry("## env_file", Keys.ENV_FILE),
                    Map.entry("## schedule", Keys.SCHEDULE),
                    Map.entry("## watch", Keys.WATCH),
                    Map.entry("## limits", LimitsReader.KEYS),
                    Map.entry("## A pool", Keys.POOL),
                    Map.entry("## workers", Keys.WORKERS),
                    Map.entry("## queue", Keys.QUEUE),
                    Map.entry("## request", Keys.REQUEST),
                    Map.entry("## recycle", Keys.RECYCLE),
                    Map.entry("## http", Keys.HTTP),
                    Map.entry("### A route", Keys.ROUTE),
                    Map.entry("### static", Keys.STATIC),
                    Map.entry("### tls of http", Keys.HTTP_TLS),
                    Map.entry("### auth of http", Keys.HTTP_AUTH),
                    Map.entry("### limits of http", Keys.HTTP_LIMITS));

    static List<String> sections() {
        return SECTIONS.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("sections")
    void namesEveryKeyOfAnObject(String heading) throws IOException {
        Keys keys = SECTIONS.getOrDefault(heading, Keys.TOP);
        assertThat(Markdown.read(PAGE).words(heading, 0, 0))
                .containsExactlyInAnyOrderElementsOf(keys.known());
    }

    @Test
    void namesEveryObject() throws ReflectiveOperationException {
        Set<Keys> inCode = new HashSet<>(List.of(LimitsReader.KEYS));
        for (var field : Keys.class.getDeclaredFields()) {
            if (field.getType() == Keys.class) {
                inCode.add((Keys) field.get(null));
            }
        }
        // These are not objects of a file: defaults have the keys of a process, conditions are
        // values.
        inCode.removeAll(List.of(Keys.DEFAULTS, Keys.CONDITIONS));
        assertThat(new HashSet<>(SECTIONS.values())).isEqualTo(inCode);
    }

    @Test
    void namesEveryKeyOfAProcessThatAPoolCannotHave() throws IOException {
        assertThat(Markdown.read(PAGE).words("### What a pool does not have", 0, 0))
                .containsExactlyInAnyOrderElementsOf(WorkerKeys.UNFIT.keySet());
        assertThat(Keys.PROCESS.known()).containsAll(WorkerKeys.UNFIT.keySet());
    }

    @Test
    void namesEveryConditionOfADependency() throws IOException {
        List<String> named = new ArrayList<>();
        for (List<String> row : Markdown.read(PAGE).table("## depends", 0)) {
            if (row.getFirst().equals("`when`")) {
                Markdown.words(row.get(1)).map(word -> word.replace("\"", "")).forEach(named::add);
            }
        }
        assertThat(named).containsExactlyElementsOf(Keys.CONDITIONS.known());
    }
}
