package org.procmon.readiness;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.ProcessSpec;
import org.procmon.config.ReadySignal;
import org.procmon.output.Output;
import org.procmon.output.OutputCapture;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.Descriptor;
import org.procmon.readiness.notify.NotifyChannels;

/**
 * What one run's checks need. Created before the run starts, or again when the run is adopted.
 *
 * @param inbox the socket for its messages
 * @param fifo the fifo for its newline
 * @param file the state, before the start, of the file that it is to create
 * @param out the position at which its standard output starts
 * @param err the position at which its standard error starts
 */
record CheckResources(
        Optional<DatagramInbox> inbox,
        Optional<Descriptor> fifo,
        Optional<String> file,
        Optional<String> out,
        Optional<String> err) {
    static final CheckResources NOTHING =
            new CheckResources(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /**
     * For a run that is about to start.
     *
     * @throws NotifyChannels.Unavailable if they cannot be created
     */
    static CheckResources toNewRun(
            ProcessSpec spec,
            NotifyChannels notifyChannels,
            OutputCapture outputCapture,
            OptionalInt owner)
            throws NotifyChannels.Unavailable {
        if (spec.checks().ready().isEmpty()) {
            return NOTHING;
        }
        return switch (spec.checks().ready().get().sign()) {
            case ReadySignal.Notify _ -> of(notifyChannels.openInbox(spec.id(), owner));
            case ReadySignal.Newline _ -> of(notifyChannels.openFifo(spec.id()));
            case ReadySignal.Appears appears ->
                    new CheckResources(
                            Optional.empty(),
                            Optional.empty(),
                            FileWatch.stamp(appears.file()),
                            Optional.empty(),
                            Optional.empty());
            case ReadySignal.Output _ ->
                    new CheckResources(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            OutputPattern.end(outputCapture, spec.id(), Output.STDOUT),
                            OutputPattern.end(outputCapture, spec.id(), Output.STDERR));
            case ReadySignal.Answers _, ReadySignal.Accepts _ -> NOTHING;
        };
    }

    /**
     * For a run that another monitor started.
     *
     * @throws NotifyChannels.Unavailable if they cannot be created again
     */
    static CheckResources toOldRun(ProcessSpec spec, NotifyChannels notifyChannels)
            throws NotifyChannels.Unavailable {
        if (spec.checks().ready().isEmpty()) {
            return NOTHING;
        }
        return switch (spec.checks().ready().get().sign()) {
            case ReadySignal.Notify _ -> of(notifyChannels.reopenInbox(spec.id()));
            case ReadySignal.Newline _ -> of(notifyChannels.reopenFifo(spec.id()));
            case ReadySignal.Appears _,
                    ReadySignal.Output _,
                    ReadySignal.Answers _,
                    ReadySignal.Accepts _ ->
                    NOTHING;
        };
    }

    private static CheckResources of(DatagramInbox inbox) {
        return new CheckResources(
                Optional.of(inbox),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static CheckResources of(Descriptor fifo) {
        return new CheckResources(
                Optional.empty(),
                Optional.of(fifo),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The variables through which a run finds its socket or descriptor. */
    static Map<String, String> variables(ProcessSpec spec, NotifyChannels notifyChannels) {
        if (!spec.checks().notifies()) {
            return Map.of();
        }
        String socket = notifyChannels.inboxPath(spec.id());
        return spec.checks().watchdog().isEmpty()
                ? Map.of("NOTIFY_SOCKET", socket)
                : Map.of(
                        "NOTIFY_SOCKET",
                        socket,
                        "WATCHDOG_USEC",
                        Long.toString(spec.checks().watchdog().get().toNanos() / 1000));
    }

    /** Closes what no listener reads yet. */
    void close() {
        inbox.ifPresent(DatagramInbox::close);
        fifo.ifPresent(Descriptor::close);
    }
}
