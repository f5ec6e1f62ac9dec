// The instrument header as every vendor's parser must give it: SI units, an origin for every value, absent is absent (R9, R10).

/** Where a value came from: `tiff:34682 [EBeam] HV`, `sidecar $$SM_WD`, `path`, `config`, `operator`, `model`, `derived`. */
export type Origin = string;

/** SI, but for degrees and pixels. */
export const UNITS = ['V', 'A', 'm', 's', 'Pa', 'deg', 'px'] as const;
/** null: a number without unit, or text */
export type Unit = (typeof UNITS)[number] | null;

export type Field<T extends string | number> = { value: T; unit: Unit; origin: Origin };

/** Local time as the instrument wrote it, ISO 8601 without zone; `zone`: `local`, `utc`, an offset like `+02:00`, `date-only` (the value is a date), or `unknown`. */
export type AcquiredAt = { value: string; zone: string; origin: Origin };

export const TEXT_FIELDS = [
  'vendor',
  'instrument_model',
  'serial_number',
  'software_version',
  'detector',
  'signal',
  'user_name',
  'sample_name',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export const NUMBER_FIELDS = [
  'accelerating_voltage_V',
  'beam_current_A',
  'magnification',
  'working_distance_m',
  'pixel_size_x_m',
  'pixel_size_y_m',
  'image_width_px',
  'image_height_px',
  'stage_x_m',
  'stage_y_m',
  'stage_z_m',
  'stage_tilt_deg',
  'stage_rotation_deg',
  'chamber_pressure_Pa',
  'dwell_time_s',
  'scan_rotation_deg',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

export type HeaderFields = { [K in TextField]?: Field<string> } & { [K in NumberField]?: Field<number> } & {
  acquired_at?: AcquiredAt;
};

/** A frame that is no picture of a sample and must never be labelled by itself. */
export const FRAME_KINDS = ['navigation_camera', 'chamber_view', 'screenshot', 'blank'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

export type Warning = { code: string; message: string };

/** Rows of the picture that are the sample; everything below `height` is the info bar. Pixels of the stored page. */
export type ScanArea = { width: number; height: number; origin: Origin };

export type InstrumentHeader = {
  /** short id of the parser that read it: `fei`, `zeiss`, `tescan`, `jeol`, `phenom`, `fibics`, `hitachi`, `openfibsem`, `generic` */
  format: string;
  fields: HeaderFields;
  warnings: Warning[];
  /** only when a header field tells; else the pixels decide */
  scanArea?: ScanArea;
  /** only when the header tells */
  frame?: FrameKind;
  /** page of the file that holds the picture (0 for nearly all) */
  page: number;
};
