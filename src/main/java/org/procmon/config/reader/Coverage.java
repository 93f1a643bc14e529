package org.procmon.config.reader;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.procmon.config.Cron;
import org.procmon.config.Exclusion;

/**
 * What exclusions leave of the times of a cron expression, over all possible days. Single dates are
 * ignored: they occur only once.
 */
final class Coverage {
    private Coverage() {}

    /** Whether every time is left out, for ever. */
    static boolean leavesNothing(Cron times, List<Exclusion> except) {
        // Sets of exclusions, by their places, that are known to leave nothing.
        Set<List<Cron>> covering = new HashSet<>();
        return Cron.cycle()
                .filter(times::fits)
                .allMatch(day -> isYearlyOut(day, except) || isOut(times, day, except, covering));
    }

    /** Whether two expressions have a month and a time of the day in common. */
    static boolean meets(Cron a, Cron b) {
        return (a.months() & b.months()) != 0
                && (a.hours() & b.hours()) != 0
                && (a.minutes() & b.minutes()) != 0
                && (a.seconds() & b.seconds()) != 0;
    }

    private static boolean isYearlyOut(LocalDate day, List<Exclusion> except) {
        for (Exclusion exclusion : except) {
            if (exclusion instanceof Exclusion.EachYear yearly && yearly.contains(day)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOut(
            Cron times, LocalDate day, List<Exclusion> except, Set<List<Cron>> covering) {
        List<Cron> out = new ArrayList<>();
        for (Exclusion exclusion : except) {
            if (exclusion instanceof Exclusion.Recurring recurring
                    && recurring.times().fits(day)
                    && meets(times, recurring.times())) {
                out.add(recurring.times());
            }
        }
        if (out.isEmpty()) {
            return false;
        }
        if (covering.contains(out)) {
            return true;
        }
        boolean isCovered = isDayCovered(times, out);
        if (isCovered) {
            covering.add(out);
        }
        return isCovered;
    }

    private static boolean isDayCovered(Cron times, List<Cron> out) {
        return Cron.values(times.hours())
                .allMatch(hour ->
                        Cron.values(times.minutes())
                                .allMatch(minute -> isMinuteCovered(times, out, hour, minute)));
    }

    private static boolean isMinuteCovered(Cron times, List<Cron> out, int hour, int minute) {
        long seconds = 0;
        for (Cron cron : out) {
            if (Cron.contains(cron.hours(), hour) && Cron.contains(cron.minutes(), minute)) {
                seconds |= cron.seconds();
            }
        }
        return (times.seconds() & ~seconds) == 0;
    }
}
