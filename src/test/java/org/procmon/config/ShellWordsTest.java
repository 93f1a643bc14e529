package org.procmon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellWordsTest {
    private static final String ALPHABET = "ab \t\n'\"\\$`|&;<>*?#~=%!{}()[]üß€";

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '^',
            textBlock =
                    """
                    sleep 18                  ! sleep,18
                    ^  a   b\t\tc ^           ! a,b,c
                    'a b' c                   ! a b,c
                    "a b" c                   ! a b,c
                    a'b'"c"d                  ! abcd
                    a '' b ""                 ! a,,b,
                    a\\ b                     ! a b
                    a\\\\b                    ! a\\b
                    \\'                       ! '
                    '\\'                      ! \\
                    'a"b'                     ! a"b
                    "a'b"                     ! a'b
                    "\\$ \\` \\" \\\\ \\a"    ! $ ` " \\ \\a
                    a | b > c < d ; e & f     ! a,|,b,>,c,<,d,;,e,&,f
                    $HOME `id` $(id) *.c ~ #x ! $HOME,`id`,$(id),*.c,~,#x
                    a#b=c                     ! a#b=c
                    """)
    void readsQuotesAndBackslashesAsAShellDoes(String text, String words) throws Exception {
        assertThat(ShellWords.split(text)).containsExactly(words.split(",", -1));
    }

    @Test
    void aBackslashBeforeALineEndJoinsLines() throws Exception {
        assertThat(ShellWords.split("a \\\nb c\\\nd \"e\\\nf\" 'g\\\nh'"))
                .containsExactly("a", "b", "cd", "ef", "g\\\nh");
        assertThat(ShellWords.split("a \\\n")).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '^',
            value = {"a 'b ! 2", "a 'b' c' ! 7", "\"a ! 0", "ab \"c\\\" ! 3", "ab\\ ! 2"})
    void aQuotingThatDoesNotEndIsRefusedWhereItStarts(String text, int index) {
        assertThatThrownBy(() -> ShellWords.split(text))
                .isInstanceOfSatisfying(
                        ShellWords.Unfinished.class, e -> assertThat(e.index()).isEqualTo(index));
    }

    @Test
    void splitReversesQuote() throws Exception {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            List<String> words = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                String word = word(random);
                words.add(word);
                line.append(quoted(word, random)).append(" \t\n".charAt(random.nextInt(3)));
            }
            assertThat(ShellWords.split(line.toString())).as("seed %s", seed).isEqualTo(words);
            assertThat(ShellWords.split(ShellWords.join(words)))
                    .as("joined, seed %s", seed)
                    .isEqualTo(words);
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return word.toString();
    }

    /** The word in pieces, each quoted in one of the three ways. */
    private static String quoted(String word, Random random) {
        StringBuilder out = new StringBuilder(word.isEmpty() ? "''" : "");
        int at = 0;
        while (at < word.length()) {
            int end = at + 1 + random.nextInt(word.length() - at);
            String piece = word.substring(at, end);
            at = end;
            switch (random.nextInt(3)) {
                case 0 -> out.append('\'').append(piece.replace("'", "'\"'\"'")).append('\'');
                case 1 -> out.append('"').append(escaped(piece, "\"\\$`")).append('"');
                // A backslash cannot quote a line end: there it joins lines.
                default ->
                        out.append(
                                escaped(piece, ALPHABET.replace("\n", "")).replace("\n", "'\n'"));
            }
        }
        return out.toString();
    }

    private static String escaped(String text, String special) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(special.indexOf(c) >= 0 ? "\\" : "").append(c);
        }
        return out.toString();
    }
}
