/**
 * How a connection to a mail server is encrypted. `implicit`: from the first byte; `required`: by STARTTLS or not at
 * all; `opportunistic`: by STARTTLS where the server offers it; `none`: never.
 */
export type SmtpSecurity = 'implicit' | 'required' | 'opportunistic' | 'none';

export interface SmtpSwitches {
  readonly SMTP_PORT: number;
  readonly SMTP_TLS: boolean | null;
  readonly SMTP_STARTTLS: boolean | null;
}

/**
 * What the settings say together. A mode that is switched on holds on every port; one that is switched off is not
 * used, and the port decides among the others; plain connections need both switched off.
 *
 * @example
 * smtpSecurity({ SMTP_PORT: 587, SMTP_TLS: null, SMTP_STARTTLS: null }) // 'required'
 */
export const smtpSecurity = (settings: SmtpSwitches): SmtpSecurity => {
  const { SMTP_PORT: port, SMTP_TLS: tls, SMTP_STARTTLS: startTls } = settings;
  if (tls === false && startTls === false) return 'none';
  if (tls ?? (port === 465 && startTls !== true)) return 'implicit';
  return (startTls ?? port === 587) ? 'required' : 'opportunistic';
};
