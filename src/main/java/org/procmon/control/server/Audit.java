package org.procmon.control.server;

import java.util.ArrayList;
import java.util.List;
import org.procmon.chronicle.Caller;
import org.procmon.chronicle.Chronicle;
import org.procmon.chronicle.Happening;
import org.procmon.chronicle.Happening.Outcome;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.Plain;
import org.procmon.spec.Signal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log and the chronicle who has asked for which change, and what has become of it: one
 * line for each call, whatever its names are made of. Safe from any thread.
 */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    /** A call may have a megabyte of names. */
    private static final int MOST_NAMES = 20;

    private static final int LONGEST_TEXT = 256;

    private final Chronicle chronicle;

    Audit(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    /** A call was answered. */
    void note(Method method, Call call, Caller caller, Answer answer) {
        Answer first = answer instanceof Answer.Before before ? before.answer() : answer;
        if (first instanceof Answer.Texts texts && !texts.error().isEmpty()) {
            boolean refused = texts.error().equals(ErrorName.NOT_PERMITTED.wireName());
            note(method, call, caller, refused ? Outcome.REFUSED : Outcome.FAILED, words(texts));
        } else {
            boolean known = call.waits() && !call.oneway();
            note(method, call, caller, known ? Outcome.DONE : Outcome.ACCEPTED, "");
        }
    }

    /** The monitor has ended before a call could be answered. */
    void noteUnanswered(Method method, Call call, Caller caller) {
        note(method, call, caller, Outcome.FAILED, "the monitor ended before it was done");
    }

    private void note(Method method, Call call, Caller caller, Outcome outcome, String reason) {
        Happening what =
                new Happening.Commanded(
                        verb(method, call),
                        shortened(call.names()),
                        caller,
                        outcome,
                        shortened(reason));
        chronicle.add(what);
        if (outcome == Outcome.REFUSED) {
            LOG.warn("{}", Plain.text(what.text()));
        } else {
            LOG.info("{}", Plain.text(what.text()));
        }
    }

    private static String verb(Method method, Call call) {
        String name = method.wireName().substring(method.wireName().lastIndexOf('.') + 1);
        return Signal.parse(call.signal()).map(signal -> name + " " + signal.name()).orElse(name);
    }

    private static String words(Answer.Texts error) {
        List<String> parameters = error.parameters();
        for (int i = 0; i < parameters.size(); i += 2) {
            if (parameters.get(i).equals("reason")) {
                return parameters.get(i + 1);
            }
        }
        String kind = error.error().substring(error.error().lastIndexOf('.') + 1);
        return parameters.isEmpty() ? kind : kind + " " + parameters.getLast();
    }

    private static List<String> shortened(List<String> names) {
        List<String> some = new ArrayList<>();
        for (String name : names.subList(0, Math.min(names.size(), MOST_NAMES))) {
            some.add(shortened(name));
        }
        if (names.size() > MOST_NAMES) {
            some.add("and " + (names.size() - MOST_NAMES) + " more");
        }
        return some;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }
}
