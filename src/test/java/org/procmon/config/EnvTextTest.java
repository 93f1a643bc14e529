package org.procmon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvTextTest {
    @Test
    void everyWayToWriteAVariableIsRead() throws Exception {
        String text =
                """
                # A comment
                PLAIN=a b
                  INDENTED=z
                export WORD=x\t
                export\tTAB= y \r

                exported=1
                EMPTY=
                SINGLE='a "b" \\\\n $HOME # c'
                DOUBLE="a 'b' \\"c\\" \\\\ \\$x \\`d\\` \\n"
                NONE=""
                HASH=a#b # c
                EQUALS=a=b=c
                INNER=it's "so"
                TWICE=1
                TWICE=2
                DOLLAR=$HOME ${HOME} $$\
                """;

        assertThat(EnvText.read(text))
                .containsExactly(
                        entry("PLAIN", "a b"),
                        entry("INDENTED", "z"),
                        entry("WORD", "x"),
                        entry("TAB", "y"),
                        entry("exported", "1"),
                        entry("EMPTY", ""),
                        entry("SINGLE", "a \"b\" \\\\n $HOME # c"),
                        entry("DOUBLE", "a 'b' \"c\" \\ $x `d` \\n"),
                        entry("NONE", ""),
                        entry("HASH", "a#b # c"),
                        entry("EQUALS", "a=b=c"),
                        entry("INNER", "it's \"so\""),
                        entry("TWICE", "2"),
                        entry("DOLLAR", "$HOME ${HOME} $$"));
        assertThat(EnvText.read("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "s3cret          | is no NAME=VALUE",
                "=s3cret         | is no NAME=VALUE",
                "1A=s3cret       | is no NAME=VALUE",
                "A B=s3cret      | is no NAME=VALUE",
                "export =s3cret  | is no NAME=VALUE",
                "A ='s3cret'     | is no NAME=VALUE",
                "A='s3cret       | has a quote that is never closed",
                "A=\"s3cret\\\"  | has a quote that is never closed",
                "A='s3cret' s3   | has text after the closing quote",
                "A=s3\0cret      | contains NUL",
                "PROCMON_ID=s3   | sets PROCMON_ID, which procmon sets itself",
                "PROCMON_RUN=s3  | sets PROCMON_RUN, which procmon sets itself",
                "PROCMON_STATE_DIR=s3 | sets PROCMON_STATE_DIR, which procmon sets itself"
            })
    void aBadLineIsNamedAndNotQuoted(String line, String complaint) {
        assertThatThrownBy(() -> EnvText.read("GOOD=1\n\n" + line + "\nGOOD=2"))
                .isInstanceOf(EnvText.BadLine.class)
                .hasMessage("line 3 " + complaint);
    }
}
