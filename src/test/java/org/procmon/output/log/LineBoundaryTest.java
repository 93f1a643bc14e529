package org.procmon.output.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineBoundaryTest {
    private static final int MOST = 10;

    @ParameterizedTest
    @CsvSource({
        // piece, size before, mid-line, prefix, bytes taken, file complete
        "'abc|', 0, false, 0, 4, false",
        "'abc|defghi', 0, false, 0, 10, false",
        "'abc|defghij', 0, false, 0, 4, true",
        "'abc|def|ghi|', 0, false, 0, 8, true",
        "'abc|', 7, false, 0, 0, true",
        "'abc|def|', 8, true, 0, 4, true",
        "'abc', 8, true, 0, 3, false",
        "'abcdefghijklm|x', 0, false, 0, 14, true",
        "'abcdefghijklmnopqrstuvwxyz', 0, false, 0, 20, true",
        "'abcdefghijkl', 12, true, 0, 8, true",
        "'x|', 20, true, 0, 0, true",
        "'a|b|c|', 0, false, 3, 4, true",
        "'a|b|', 5, true, 3, 2, true",
        "'abcdefgh|', 0, false, 3, 9, true"
    })
    void aPieceIsCutAtTheEndOfALine(
            String piece, long size, boolean midLine, int prefix, int bytes, boolean full) {
        byte[] raw = piece.replace('|', '\n').getBytes(StandardCharsets.UTF_8);
        assertThat(LineBoundary.of(raw, raw.length, size, midLine, MOST, prefix))
                .isEqualTo(new LineBoundary(bytes, full));
    }

    @Test
    void cutsLoseNothingAndNoFileIsTooLarge() {
        for (int seed = 0; seed < 3000; seed++) {
            check(new Random(seed), "seed " + seed);
        }
    }

    private static void check(Random random, String seed) {
        int most = 5 + random.nextInt(40);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<ByteArrayOutputStream> files = new ArrayList<>(List.of(new ByteArrayOutputStream()));
        for (int i = 0; i < 20; i++) {
            byte[] piece = piece(random);
            all.writeBytes(piece);
            for (int at = 0; at < piece.length; ) {
                byte[] rest = Arrays.copyOfRange(piece, at, piece.length);
                ByteArrayOutputStream file = files.getLast();
                byte[] before = file.toByteArray();
                boolean midLine = before.length > 0 && before[before.length - 1] != '\n';
                LineBoundary lineBoundary =
                        LineBoundary.of(rest, rest.length, before.length, midLine, most, 0);
                file.write(rest, 0, lineBoundary.bytes());
                at += lineBoundary.bytes();
                if (lineBoundary.full()) {
                    files.add(new ByteArrayOutputStream());
                }
                assertThat(lineBoundary.full() || lineBoundary.bytes() == rest.length)
                        .as(seed)
                        .isTrue();
            }
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (ByteArrayOutputStream file : files) {
            joined.writeBytes(file.toByteArray());
        }
        assertThat(joined.toByteArray()).as(seed).isEqualTo(all.toByteArray());
        for (ByteArrayOutputStream file : files.subList(0, files.size() - 1)) {
            assertThat(file.size()).as(seed).isBetween(1, 2 * most);
            if (file.size() < 2 * most) {
                assertThat(file.toString(StandardCharsets.UTF_8)).as(seed).endsWith("\n");
            }
        }
    }

    private static byte[] piece(Random random) {
        byte[] piece = new byte[1 + random.nextInt(30)];
        int lineLength = 1 + random.nextInt(60);
        for (int i = 0; i < piece.length; i++) {
            piece[i] = (byte) (random.nextInt(lineLength) == 0 ? '\n' : 'a' + random.nextInt(26));
        }
        return piece;
    }

    @Test
    void aPieceEndsWithALineUnlessThereIsNone() {
        byte[] piece =
                "part 1970 end 1970\npart 1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(LineBoundary.linesOrAll(piece, piece.length)).isEqualTo(19);
        assertThat(LineBoundary.linesOrAll(piece, 19)).isEqualTo(19);
        assertThat(LineBoundary.linesOrAll(piece, 18)).isEqualTo(18);
        assertThat(LineBoundary.linesOrAll(piece, 0)).isZero();
    }
}
