//! The states of a VM: `include/VirtualMachine.h`, `VmState` and, while ACTIVE, `LcmState`.

/// Where a VM is in its life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum VmState {
    Pending,
    Hold,
    Stopped,
    Suspended,
    Done,
    Poweroff,
    Undeployed,
    Cloning,
    CloningFailure,
    Prolog,
    Boot,
    Running,
    SaveStop,
    SaveSuspend,
    PrologResume,
    EpilogStop,
    Epilog,
    Shutdown,
    CleanupResubmit,
    Hotplug,
    ShutdownPoweroff,
    BootPoweroff,
    BootSuspended,
    BootStopped,
    CleanupDelete,
    HotplugSaveas,
    HotplugSaveasPoweroff,
    HotplugSaveasSuspended,
    ShutdownUndeploy,
    EpilogUndeploy,
    PrologUndeploy,
    BootUndeploy,
    HotplugPrologPoweroff,
    HotplugEpilogPoweroff,
    BootFailure,
    PrologFailure,
    EpilogFailure,
    EpilogStopFailure,
    EpilogUndeployFailure,
    BootUndeployFailure,
    BootStoppedFailure,
    PrologResumeFailure,
    PrologUndeployFailure,
    DiskSnapshotPoweroff,
    DiskSnapshotRevertPoweroff,
    DiskSnapshotDeletePoweroff,
    DiskSnapshotSuspended,
    DiskSnapshotDeleteSuspended,
    DiskSnapshot,
    DiskSnapshotDelete,
    DiskResize,
    DiskResizePoweroff,
    DiskResizeUndeployed,
    HotplugSaveasUndeployed,
    HotplugSaveasStopped,
    Backup,
    BackupPoweroff,
}

/// A state, its two numbers, its name and the word of `onevm list`.
type Row = (VmState, u8, u8, &'static str, &'static str);

const ACTIVE: u8 = 3;

/// The words are those of `src/oca/ruby/opennebula/virtual_machine.rb`.
const ROWS: &[Row] = &[
    (VmState::Pending, 1, 0, "PENDING", "pend"),
    (VmState::Hold, 2, 0, "HOLD", "hold"),
    (VmState::Stopped, 4, 0, "STOPPED", "stop"),
    (VmState::Suspended, 5, 0, "SUSPENDED", "susp"),
    (VmState::Done, 6, 0, "DONE", "done"),
    (VmState::Poweroff, 8, 0, "POWEROFF", "poff"),
    (VmState::Undeployed, 9, 0, "UNDEPLOYED", "unde"),
    (VmState::Cloning, 10, 0, "CLONING", "clon"),
    (VmState::CloningFailure, 11, 0, "CLONING_FAILURE", "fail"),
    (VmState::Prolog, ACTIVE, 1, "PROLOG", "prol"),
    (VmState::Boot, ACTIVE, 2, "BOOT", "boot"),
    (VmState::Running, ACTIVE, 3, "RUNNING", "runn"),
    (VmState::SaveStop, ACTIVE, 5, "SAVE_STOP", "save"),
    (VmState::SaveSuspend, ACTIVE, 6, "SAVE_SUSPEND", "save"),
    (VmState::PrologResume, ACTIVE, 9, "PROLOG_RESUME", "prol"),
    (VmState::EpilogStop, ACTIVE, 10, "EPILOG_STOP", "epil"),
    (VmState::Epilog, ACTIVE, 11, "EPILOG", "epil"),
    (VmState::Shutdown, ACTIVE, 12, "SHUTDOWN", "shut"),
    (VmState::CleanupResubmit, ACTIVE, 15, "CLEANUP_RESUBMIT", "clea"),
    (VmState::Hotplug, ACTIVE, 17, "HOTPLUG", "hotp"),
    (VmState::ShutdownPoweroff, ACTIVE, 18, "SHUTDOWN_POWEROFF", "shut"),
    (VmState::BootPoweroff, ACTIVE, 20, "BOOT_POWEROFF", "boot"),
    (VmState::BootSuspended, ACTIVE, 21, "BOOT_SUSPENDED", "boot"),
    (VmState::BootStopped, ACTIVE, 22, "BOOT_STOPPED", "boot"),
    (VmState::CleanupDelete, ACTIVE, 23, "CLEANUP_DELETE", "clea"),
    (VmState::HotplugSaveas, ACTIVE, 26, "HOTPLUG_SAVEAS", "hotp"),
    (VmState::HotplugSaveasPoweroff, ACTIVE, 27, "HOTPLUG_SAVEAS_POWEROFF", "hotp"),
    (VmState::HotplugSaveasSuspended, ACTIVE, 28, "HOTPLUG_SAVEAS_SUSPENDED", "hotp"),
    (VmState::ShutdownUndeploy, ACTIVE, 29, "SHUTDOWN_UNDEPLOY", "shut"),
    (VmState::EpilogUndeploy, ACTIVE, 30, "EPILOG_UNDEPLOY", "epil"),
    (VmState::PrologUndeploy, ACTIVE, 31, "PROLOG_UNDEPLOY", "prol"),
    (VmState::BootUndeploy, ACTIVE, 32, "BOOT_UNDEPLOY", "boot"),
    (VmState::HotplugPrologPoweroff, ACTIVE, 33, "HOTPLUG_PROLOG_POWEROFF", "hotp"),
    (VmState::HotplugEpilogPoweroff, ACTIVE, 34, "HOTPLUG_EPILOG_POWEROFF", "hotp"),
    (VmState::BootFailure, ACTIVE, 36, "BOOT_FAILURE", "fail"),
    (VmState::PrologFailure, ACTIVE, 39, "PROLOG_FAILURE", "fail"),
    (VmState::EpilogFailure, ACTIVE, 40, "EPILOG_FAILURE", "fail"),
    (VmState::EpilogStopFailure, ACTIVE, 41, "EPILOG_STOP_FAILURE", "fail"),
    (VmState::EpilogUndeployFailure, ACTIVE, 42, "EPILOG_UNDEPLOY_FAILURE", "fail"),
    (VmState::BootUndeployFailure, ACTIVE, 47, "BOOT_UNDEPLOY_FAILURE", "fail"),
    (VmState::BootStoppedFailure, ACTIVE, 48, "BOOT_STOPPED_FAILURE", "fail"),
    (VmState::PrologResumeFailure, ACTIVE, 49, "PROLOG_RESUME_FAILURE", "fail"),
    (VmState::PrologUndeployFailure, ACTIVE, 50, "PROLOG_UNDEPLOY_FAILURE", "fail"),
    (VmState::DiskSnapshotPoweroff, ACTIVE, 51, "DISK_SNAPSHOT_POWEROFF", "snap"),
    (VmState::DiskSnapshotRevertPoweroff, ACTIVE, 52, "DISK_SNAPSHOT_REVERT_POWEROFF", "snap"),
    (VmState::DiskSnapshotDeletePoweroff, ACTIVE, 53, "DISK_SNAPSHOT_DELETE_POWEROFF", "snap"),
    (VmState::DiskSnapshotSuspended, ACTIVE, 54, "DISK_SNAPSHOT_SUSPENDED", "snap"),
    (VmState::DiskSnapshotDeleteSuspended, ACTIVE, 56, "DISK_SNAPSHOT_DELETE_SUSPENDED", "snap"),
    (VmState::DiskSnapshot, ACTIVE, 57, "DISK_SNAPSHOT", "snap"),
    (VmState::DiskSnapshotDelete, ACTIVE, 59, "DISK_SNAPSHOT_DELETE", "snap"),
    (VmState::DiskResize, ACTIVE, 62, "DISK_RESIZE", "drsz"),
    (VmState::DiskResizePoweroff, ACTIVE, 63, "DISK_RESIZE_POWEROFF", "drsz"),
    (VmState::DiskResizeUndeployed, ACTIVE, 64, "DISK_RESIZE_UNDEPLOYED", "drsz"),
    (VmState::HotplugSaveasUndeployed, ACTIVE, 67, "HOTPLUG_SAVEAS_UNDEPLOYED", "hotp"),
    (VmState::HotplugSaveasStopped, ACTIVE, 68, "HOTPLUG_SAVEAS_STOPPED", "hotp"),
    (VmState::Backup, ACTIVE, 69, "BACKUP", "back"),
    (VmState::BackupPoweroff, ACTIVE, 70, "BACKUP_POWEROFF", "back"),
];

impl VmState {
    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The numbers `STATE` and `LCM_STATE`.
    pub(super) fn numbers(self) -> (u8, u8) {
        (self.row().1, self.row().2)
    }

    /// The name in messages: that of the life-cycle manager while ACTIVE (`VirtualMachine::state_str`).
    pub(super) fn name(self) -> &'static str {
        self.row().3
    }

    /// The word of `onevm list`.
    pub(super) fn word(self) -> &'static str {
        self.row().4
    }

    /// The state with these numbers.
    pub(super) fn read(state: i64, lcm: i64) -> Option<Self> {
        ROWS.iter().find(|row| i64::from(row.1) == state && i64::from(row.2) == lcm).map(|row| row.0)
    }

    /// Whether the life-cycle manager has the VM.
    pub(super) fn is_active(self) -> bool {
        self.row().1 == ACTIVE
    }

    /// Whether something is done to a snapshot of one of its disks.
    pub(super) fn works_on_snapshot(self) -> bool {
        matches!(
            self,
            Self::DiskSnapshot
                | Self::DiskSnapshotDelete
                | Self::DiskSnapshotPoweroff
                | Self::DiskSnapshotRevertPoweroff
                | Self::DiskSnapshotDeletePoweroff
                | Self::DiskSnapshotSuspended
                | Self::DiskSnapshotDeleteSuspended
        )
    }

    /// The state that a disk save-as leaves and comes back to, while one runs.
    pub(super) fn saved_from(self) -> Option<Self> {
        SAVE_AS.iter().find(|(_, saving)| *saving == self).map(|(before, _)| *before)
    }

    /// The state in which a disk of a VM in this one is saved as a new image.
    pub(super) fn saving(self) -> Option<Self> {
        SAVE_AS.iter().find(|(before, _)| *before == self).map(|(_, saving)| *saving)
    }
}

const SAVE_AS: &[(VmState, VmState)] = &[
    (VmState::Running, VmState::HotplugSaveas),
    (VmState::Poweroff, VmState::HotplugSaveasPoweroff),
    (VmState::Suspended, VmState::HotplugSaveasSuspended),
    (VmState::Undeployed, VmState::HotplugSaveasUndeployed),
    (VmState::Stopped, VmState::HotplugSaveasStopped),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_own_row() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "{}", row.3);
        }
        assert_eq!(ROWS.len(), VmState::BackupPoweroff as usize + 1);
    }
}
