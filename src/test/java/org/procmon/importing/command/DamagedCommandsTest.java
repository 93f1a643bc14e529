package org.procmon.importing.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.procmon.importing.Importer;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImportResult;

/** Commands that are not what they should be: whatever they are, there is an answer. */
class DamagedCommandsTest {
    private static final int ROUNDS = 1000;
    private static final long SEED = 20_260_302;
    private static final String TELLING = "-=:;'\"\\$ \n{}~/,.0@#&()*\u0001\ud800ä";
    private static final Map<String, String> ENVIRONMENT = Map.of("A", "a b", "B", "\u001b");

    /** Each is good, and has much that may be damaged. */
    private static final Map<SourceFormat, String> GOOD =
            Map.of(
                    SourceFormat.SPAWN_FCGI,
                    "X=1 PHP_FCGI_CHILDREN=2 exec env -i Y='2 3' spawn-fcgi -s /run/$A.sock -M 0660"
                            + " -U root -G adm -u nobody -F 3 -c /srv -d /x -b 9 -- ./php-cgi \"-d\""
                            + " ${A} \\$B",
                    SourceFormat.JULIA_FPM,
                    "julia-fpm -l 127.0.0.1:4545 -b 100 -w 4 -v -s '/srv/a b.jl' -- -x \"$A\"");

    @Test
    void noDamageMakesAnInvalidConfiguration() {
        GOOD.forEach((format, good) -> {
            int refused = 0;
            for (int round = 0; round < ROUNDS; round++) {
                refused += answer(format, damaged(good, new Random(SEED + round))) ? 0 : 1;
            }
            assertThat(refused).as(format.word()).isBetween(ROUNDS / 100, ROUNDS * 95 / 100);
        });
    }

    /** Whether a command is imported. */
    private static boolean answer(SourceFormat format, String command) {
        return switch (Importer.command(format, List.of(command), ENVIRONMENT)) {
            case ImportResult.Imported _ -> true;
            case ImportResult.Refused refused -> {
                assertThat(refused.reason()).as(command).doesNotContain("no valid configuration");
                yield false;
            }
            case ImportResult.Unreadable unreadable -> throw new AssertionError(unreadable);
        };
    }

    private static String damaged(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(text.length());
            char telling = TELLING.charAt(random.nextInt(TELLING.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, telling);
                case 1 -> text.insert(at, telling);
                default -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(12)));
            }
        }
        return text.toString();
    }
}
