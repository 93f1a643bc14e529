package org.procmon.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.Ticks;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reloader.Outcome;

class HangupHandlerTest {
    private final Reloader reloader = mock(Reloader.class);
    private final EventLog events = new EventLog(() -> new Ticks(0), InstantSource.system());
    private final HangupHandler handler = new HangupHandler(reloader, events);

    @Test
    void reloadsOnceAndRecordsThatItIsDone() {
        outcome(new Outcome.Planned(new ChangePlan(List.of(), 2), List.of(), List.of()));

        handler.reload();

        verify(reloader).reload(false);
        verifyNoMoreInteractions(reloader);
        assertThat(recorded().outcome()).isEqualTo(MonitorEvent.Outcome.DONE);
    }

    @Test
    void recordsWhyNothingWasChanged() {
        outcome(new Outcome.Invalid(List.of("procmon.json:1:2: no", "procmon.json:3:4: nor this")));

        handler.reload();

        assertThat(recorded().outcome()).isEqualTo(MonitorEvent.Outcome.FAILED);
        assertThat(recorded().reason()).isEqualTo("procmon.json:1:2: no");
    }

    private void outcome(Outcome outcome) {
        when(reloader.reload(false)).thenReturn(CompletableFuture.completedFuture(outcome));
    }

    private MonitorEvent.Signaled recorded() {
        return (MonitorEvent.Signaled) events.after(0, 10).events().getLast().what();
    }
}
