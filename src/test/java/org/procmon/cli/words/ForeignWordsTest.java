package org.procmon.cli.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignWordsTest {
    @ParameterizedTest
    @ValueSource(strings = {"ps", "log", "down", "monit", "kill", "enable", "version", "update"})
    void aCommandOfAnotherProgramIsAnsweredWithOneOfOurs(String word) {
        assertThat(ForeignCommands.answer(word)).startsWith("; ").contains("'procmon ");
    }

    @ParameterizedTest
    @CsvSource({
        "ps, list",
        "log, logs -f NAME",
        "down, shutdown",
        "reread, reload",
        "kill, stop NAME"
    })
    void theAnswerIsAboutTheSame(String word, String ours) {
        assertThat(ForeignCommands.answer(word)).contains("'procmon " + ours);
    }

    @Test
    void aWordThatNobodyHasHasNoAnswer() {
        assertThat(ForeignCommands.answer("frobnicate")).isEmpty();
    }
}
