package org.procmon.control.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.procmon.Markdown;

/** docs/reference/varlink.md names the methods, their parameters and the errors. */
class VarlinkPageTest {
    private Markdown page = new Markdown(Path.of(""), List.of());

    @BeforeEach
    void read() throws IOException {
        page = Markdown.read("docs/reference/varlink.md");
    }

    @Test
    void namesEveryMethodWithItsParameters() {
        List<String> methods = new ArrayList<>();
        for (List<String> row : page.table("## Methods", 0)) {
            String name = Markdown.words(row.getFirst()).findFirst().orElseThrow();
            methods.add(name + " " + Markdown.words(row.get(1)).sorted().toList());
        }
        assertThat(methods)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Method.values()).map(VarlinkPageTest::shown).toList());
    }

    private static String shown(Method method) {
        List<String> parameters =
                Stream.of(Method.Parameter.values())
                        .filter(method::takes)
                        .filter(parameter -> parameter != Method.Parameter.ON_BEHALF)
                        .map(p -> method.needs(p) ? p.wireName() : "[" + p.wireName() + "]")
                        .sorted()
                        .toList();
        return shortName(method.wireName()) + " " + parameters;
    }

    @Test
    void namesEveryError() {
        assertThat(page.words("## Errors", 0, 0))
                .containsExactlyElementsOf(
                        Stream.of(ErrorName.values())
                                .filter(error -> error != ErrorName.UNKNOWN)
                                .map(error -> shortName(error.wireName()))
                                .toList());
    }

    private static String shortName(String wireName) {
        return wireName.substring(wireName.lastIndexOf('.') + 1);
    }
}
