package org.procmon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systemd.exec(5) says of files with variables. A tilde stands for a line's end. */
class UnitEnvTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A=1                    | {A=1}",
                "  A = 1  ~;B=2~#C=3~D=4 | {A=1, D=4}",
                "A=1 # no comment       | {A=1 # no comment}",
                "A=~B                   | {A=}",
                "export A=1~1A=2~A-B=3  | {}",
                "A=one \\~  two~B=2      | {A=one   two, B=2}",
                "A=one\\                 | {A=one}",
                "#A \\~B=2               | {B=2}",
                "A=a\\bc\\\\d             | {A=abc\\d}",
                "A=it's \"so\"            | {A=it's \"so\"}",
                "A='a \\n b'             | {A=a \\n b}",
                "A='a~b'~C=1            | {A=a~b, C=1}",
                "A=\"a~b\"~C=1            | {A=a~b, C=1}",
                "A=\"a\\~b \\\" \\$x \\` \\\\ \\n\" | {A=ab \" $x ` \\ \\n}",
                "A=\"a\"'b'              | {A=ab}",
                "A=\"a\"  b              | {A=ab}",
                "A=\" a \"               | {A= a }",
                "A=1~A=2                | {A=2}",
                "PROCMON_ID=x~A=1       | {A=1}",
                "A=\"never closed         | {A=never closed}",
            })
    void readsWhatSystemdReads(String text, String variables) {
        String read = UnitEnvText.read(text.replace('~', '\n')).toString();
        assertThat(read.replace('\n', '~')).isEqualTo(variables);
    }
}
