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
 * What is made ready for one run before it is started, or found again when it is adopted.
 *
 * @param inbox the socket of its messages
 * @param fifo the fifo of its newline
 * @param file how the file that it is to make was before
 * @param out where its standard output begins
 * @param err where its standard error begins
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
     * Of a run that is to be started.
     *
     * @throws NotifyChannels.Unavailable if it cannot be made
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
            case ReadySignal.Answers _ -> NOTHING;
        };
    }

    /**
     * Of a run that another monitor has started.
     *
     * @throws NotifyChannels.Unavailable if it cannot be made again
     */
    static CheckResources toOldRun(ProcessSpec spec, NotifyChannels notifyChannels)
            throws NotifyChannels.Unavailable {
        if (spec.checks().ready().isEmpty()) {
            return NOTHING;
        }
        return switch (spec.checks().ready().get().sign()) {
            case ReadySignal.Notify _ -> of(notifyChannels.reopenInbox(spec.id()));
            case ReadySignal.Newline _ -> of(notifyChannels.reopenFifo(spec.id()));
            case ReadySignal.Appears _, ReadySignal.Output _, ReadySignal.Answers _ -> NOTHING;
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

    /** The variables by which a run finds it. */
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

    /** Of what nobody has begun to listen to. */
    void close() {
        inbox.ifPresent(DatagramInbox::close);
        fifo.ifPresent(Descriptor::close);
    }
}
