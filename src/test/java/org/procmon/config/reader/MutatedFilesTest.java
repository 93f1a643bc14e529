package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.config.SpecResult;

/** Random damage to good files: whatever it is, the reader answers. */
class MutatedFilesTest {
    private static final int ROUNDS = 4000;
    private static final long SEED = 20_260_101;
    private static final String TELLING = "{}[]\",:\\'#/*$0\n\u0000";

    @Test
    @Timeout(60)
    void noDamageMakesTheReaderThrow() throws IOException {
        int refused = 0;
        for (Path file : Fixtures.files(Fixtures.GOOD)) {
            byte[] good = Files.readAllBytes(file);
            for (int round = 0; round < ROUNDS; round++) {
                byte[] bytes = damaged(good, new Random(SEED + round));
                SpecResult result;
                try {
                    result = SpecReader.read("f", bytes, file, Fixtures.ENVIRONMENT);
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(file + ", seed " + (SEED + round), e);
                }
                if (result instanceof SpecResult.Invalid(var problems)) {
                    refused++;
                    assertThat(problems).as("%s, seed %s", file, SEED + round).isNotEmpty();
                    assertThat(problems)
                            .allMatch(p -> p.line() >= 1 && p.column() >= 1)
                            .allMatch(p -> p.message().chars().noneMatch(Character::isISOControl))
                            .isSortedAccordingTo((a, b) ->
                                    a.line() == b.line()
                                            ? Integer.compare(a.column(), b.column())
                                            : Integer.compare(a.line(), b.line()));
                }
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS);
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) TELLING.charAt(random.nextInt(TELLING.length()));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = random.nextInt(Math.min(bytes.length - from, bytes.length - at));
                    System.arraycopy(good, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }
}
