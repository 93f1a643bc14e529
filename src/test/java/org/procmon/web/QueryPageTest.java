package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.procmon.Markdown;

/** docs/reference/http.md names the queries that fcgi_proc answers. */
class QueryPageTest {
    @Test
    void namesEveryWordOfAQuery() throws IOException {
        assertThat(
                        Markdown.read("docs/reference/http.md").words("## Queries", 0, 0).stream()
                                .map(usage -> usage.split("=", 2)[0])
                                .collect(Collectors.toSet()))
                .isEqualTo(
                        Stream.of(QueryWord.values())
                                .map(QueryWord::word)
                                .collect(Collectors.toSet()));
    }
}
