package org.procmon.output.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LostTailTest {
    @Test
    void itHasTheLatestInOrderHoweverTheyCame() {
        Random random = new Random(Long.getLong("procmon.seed", System.nanoTime()));
        for (int round = 0; round < 50; round++) {
            LostTail lostTail = new LostTail(new LostTail.Room(1 << 20));
            StringBuilder all = new StringBuilder();
            while (all.length() < 200_000) {
                String piece = "%d,".formatted(all.length()).repeat(1 + random.nextInt(9_000));
                piece = piece.substring(0, Math.min(piece.length(), 1 + random.nextInt(65_536)));
                all.append(piece);
                add(lostTail, piece);
                assertThat(text(lostTail))
                        .hasSize(Math.min(all.length(), LostTail.MOST))
                        .isEqualTo(all.substring(Math.max(0, all.length() - LostTail.MOST)));
            }
        }
    }

    @Test
    void whereThereIsNoRoomForMoreItHasLess() {
        LostTail.Room room = new LostTail.Room(5 << 10);
        LostTail first = new LostTail(room);
        LostTail second = new LostTail(room);
        add(first, "a".repeat(1000) + "b".repeat(4 << 10));
        add(second, "c");
        assertThat(text(first)).isEqualTo("b".repeat(4 << 10));
        assertThat(text(second)).isEmpty();
        add(first, "d");
        assertThat(text(first)).isEqualTo("b".repeat((4 << 10) - 1) + "d");
        first.forget();
        assertThat(text(first)).isEmpty();
        add(second, "c");
        assertThat(text(second)).isEqualTo("c");
    }

    private static void add(LostTail lostTail, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lostTail.add(bytes, bytes.length);
    }

    private static String text(LostTail lostTail) {
        return new String(lostTail.bytes(), StandardCharsets.UTF_8);
    }
}
