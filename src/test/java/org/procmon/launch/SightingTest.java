package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Kin;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Signals;

class SightingTest {
    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void theLatestRunsOfTheNamesAreSeenAndThoseOfOthersAreNot() {
        started("web", "3");
        int latest = started("web", "10");
        int mail = started("mail", "1");
        started("other", "1");
        started("none", "");
        started("bad", "7x");
        started("huge", "99999999999999999999");
        assertThat(seen("web", "mail", "none", "bad", "huge", "gone"))
                .isEqualTo(Map.of("web", sighting(10, latest), "mail", sighting(1, mail)));
        assertThat(Sighting.of(Set.of("web"), folder + "/elsewhere")).isEmpty();
    }

    @Test
    void ofOneRunTheOldestThatLeadsASessionIsTheFirst() {
        int first = started("web", "3", "setsid sleep 1000 & echo $!; exec sleep 1000");
        kin.awaitOutput("\n");
        int younger = Integer.parseInt(kin.output().strip());
        await().until(() -> ProcessStat.of(younger).orElseThrow().leadsSession());
        assertThat(seen("web")).isEqualTo(Map.of("web", sighting(3, first)));
        Signals.send(younger, 9);
    }

    private Map<String, Sighting> seen(String... names) {
        return Sighting.of(Set.of(names), folder.toString());
    }

    private static Sighting sighting(long number, int pid) {
        return new Sighting(number, pid, ProcessStat.of(pid).orElseThrow().born());
    }

    private int started(String name, String number) {
        return started(name, number, "echo; exec sleep 1000");
    }

    private int started(String name, String number, String script) {
        Map<String, String> variables = new HashMap<>();
        variables.put(PosixLauncher.ID_VARIABLE, name);
        variables.put(PosixLauncher.RUN_VARIABLE, number);
        variables.put(PosixLauncher.STATE_VARIABLE, folder.toString());
        int pid = kin.child(folder, variables, List.of("sh", "-c", script));
        kin.awaitOutput("\n");
        return pid;
    }
}
