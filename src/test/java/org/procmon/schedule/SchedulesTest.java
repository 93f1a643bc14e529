package org.procmon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.spec.Schedule;
import org.procmon.supervise.Appointment;
import org.procmon.supervise.ScheduleStore;
import org.procmon.supervise.SeenTimes;
import org.procmon.supervise.TriggerListener;

/** The thread, with the clock on the wall. */
@Timeout(30)
class SchedulesTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private volatile boolean broken;

    private final ScheduleStore store =
            new ScheduleStore() {
                @Override
                public Map<String, SeenTimes> read() {
                    throw new AssertionError("nothing is to be made up for");
                }

                @Override
                public void write(Map<String, SeenTimes> seen) {
                    throw new AssertionError(seen);
                }
            };

    private final TriggerListener listener =
            new TriggerListener() {
                @Override
                public void timeCame(String name, Schedule.Action action) {
                    if (broken) {
                        throw new IllegalStateException(name);
                    }
                    heard.add(action.word() + " " + name);
                }

                @Override
                public void planned(Map<String, List<Appointment>> plans) {
                    heard.add("plans " + plans.size());
                }

                @Override
                public void filesChanged(String name) {
                    throw new AssertionError(name);
                }

                @Override
                public void remarked(Map<String, String> remarks) {
                    throw new AssertionError(remarks);
                }
            };

    @Test
    void everySecondComesEverySecondUntilItIsNoLongerWanted() throws Exception {
        try (Schedules schedules =
                new Schedules(
                        InstantSource.system(),
                        ZoneId.of("UTC"),
                        "here",
                        listener,
                        _ -> Optional.empty(),
                        store,
                        (_, bug) -> heard.add(bug.toString()))) {
            schedules.follow(Schedulings.spec());
            assertThat(heard).isEmpty();
            schedules.follow(Schedulings.spec("'schedule':{'restart':'* * * * * *'}"));
            assertThat(next()).isEqualTo("plans 1");
            assertThat(next()).isEqualTo("restart p0");
            assertThat(next()).isEqualTo("plans 1");
            assertThat(next()).isEqualTo("restart p0");
            schedules.follow(Schedulings.spec());
            String last = next();
            while (!last.equals("plans 0")) {
                last = next();
            }
            assertThat(heard.poll(1200, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void aThreadThatFailsIsHeardOf() throws Exception {
        broken = true;
        try (Schedules schedules =
                new Schedules(
                        InstantSource.system(),
                        ZoneId.of("UTC"),
                        "here",
                        listener,
                        _ -> Optional.empty(),
                        store,
                        (_, bug) -> heard.add(bug.getMessage()))) {
            schedules.follow(Schedulings.spec("'schedule':{'restart':'* * * * * *'}"));
            assertThat(next()).isEqualTo("plans 1");
            assertThat(next()).isEqualTo("p0");
        }
    }

    private String next() throws InterruptedException {
        String next = heard.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }
}
