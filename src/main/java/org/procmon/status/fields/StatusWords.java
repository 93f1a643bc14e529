package org.procmon.status.fields;

/** Values of fields in words, where their types have none that tell enough. */
public final class StatusWords {
    private StatusWords() {}

    static String pid(ProcessRow row, int pid) {
        return pid == 0 ? "none yet" : pid + (row.isAlive() ? "" : " (gone)");
    }

    /** How a run exited, and what it used. */
    public static String exit(LastExit exit) {
        StringBuilder text = new StringBuilder(96);
        if (exit.code().isPresent()) {
            text.append("code ").append(exit.code().getAsInt());
        } else if (exit.signal().isPresent()) {
            text.append("signal ").append(exit.signal().get());
        } else {
            text.append("unknown");
        }
        text.append(" after ").append(duration(exit.runMs()));
        text.append(", at ").append(exit.at());
        text.append(" (user ").append(duration(exit.userMs()));
        text.append(", system ").append(duration(exit.systemMs()));
        if (exit.maxRss() > 0) {
            text.append(", at most ").append(exit.maxRss() >> 10).append(" KiB");
        }
        return text.append(')').toString();
    }

    static String next(NextChange next) {
        return next.what() + " in " + duration(next.inMs());
    }

    static String health(ProcessRow row, String health) {
        return health + row.signs().complaint().map(c -> ": " + c).orElse("");
    }

    static String loss(LostOutput loss) {
        return loss.lostBytes()
                + (loss.failing() ? " bytes lost so far: " : " bytes were lost: ")
                + loss.reason();
    }

    /** Milliseconds when short, else as an age. */
    private static String duration(long millis) {
        return millis < 1000 ? millis + "ms" : StateAge.text(millis);
    }
}
